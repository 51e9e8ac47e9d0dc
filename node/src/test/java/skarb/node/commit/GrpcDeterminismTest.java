package skarb.node.commit;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.BindableService;
import io.grpc.Deadline;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import java.util.List;
import org.junit.jupiter.api.Test;
import skarb.node.model.NodeException;
import skarb.v1.BucketsGrpc;
import skarb.v1.CreateBucketRequest;
import skarb.v1.CreateBucketResponse;

/// The same proof with blocking calls over in-process gRPC before the pipeline.
class GrpcDeterminismTest {
  private record Trace(long choices, List<String> events, List<String> diskOperations) {}

  @Test
  void oneSeedGivesOneTraceOverManyRuns() {
    Trace first = run(42);
    for (int i = 1; i < 30; i++) {
      assertThat(run(42)).isEqualTo(first);
    }
    assertThat(run(43).choices()).isNotEqualTo(first.choices());
  }

  private static Trace run(long seed) {
    try (CommitSimulation world = new CommitSimulation(seed)) {
      world.scheduler.run(() -> {
        DiskStore store = world.open();
        Deadline.Ticker ticker =
            new Deadline.Ticker() {
              @Override
              public long nanoTime() {
                return world.scheduler.time().nanoTime();
              }
            };
        Server server =
            InProcessServerBuilder.forName("simulated")
                .executor(world.scheduler.executor())
                .scheduledExecutorService(world.scheduler.newTimer())
                .deadlineTicker(ticker)
                .addService(buckets(store))
                .build()
                .start();
        ManagedChannel channel =
            InProcessChannelBuilder.forName("simulated")
                .executor(world.scheduler.executor())
                .scheduledExecutorService(world.scheduler.newTimer())
                .build();
        world.write(store, (opened, number) -> create(world, channel, number));
        channel.shutdown();
        server.shutdown();
        store.close();
      });
      return new Trace(world.scheduler.traceHash(), world.scheduler.events(), world.disk.trace());
    }
  }

  private static void create(CommitSimulation world, ManagedChannel channel, int number) {
    BucketsGrpc.BucketsBlockingStub stub = BucketsGrpc.newBlockingStub(channel);
    for (int i = 0; i < 6; i++) {
      String name = "bucket-" + (number + i) % 10;
      try {
        stub.create(CreateBucketRequest.newBuilder().setName(name).build());
        world.scheduler.trace("made " + name);
      } catch (StatusRuntimeException e) {
        world.scheduler.trace("not made: " + e.getStatus().getDescription());
      }
    }
  }

  private static BindableService buckets(DiskStore store) {
    return new BucketsGrpc.BucketsImplBase() {
      @Override
      public void create(
          CreateBucketRequest request, StreamObserver<CreateBucketResponse> response) {
        try {
          store.pipeline.commit(
              Requests.submission(Requests.createBucket(Requests.ANN, request.getName())));
          response.onNext(CreateBucketResponse.getDefaultInstance());
          response.onCompleted();
        } catch (NodeException e) {
          response.onError(Status.ALREADY_EXISTS.withDescription(e.reason().name()).asException());
        }
      }
    };
  }
}
