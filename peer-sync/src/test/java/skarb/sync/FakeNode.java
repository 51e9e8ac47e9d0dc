package skarb.sync;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import skarb.testkit.schedule.SeededScheduler;
import skarb.v1.ChunksGrpc;
import skarb.v1.ListMissingRequest;
import skarb.v1.ListMissingResponse;
import skarb.v1.OplogGrpc;
import skarb.v1.SyncEntries;
import skarb.v1.SyncEntry;
import skarb.v1.SyncMessage;
import skarb.v1.SyncRequest;
import skarb.v1.SyncResponse;
import skarb.v1.SyncVectors;

/// A node that says something every second, or what it is told to.
final class FakeNode {
  private final SeededScheduler scheduler;
  private final ScheduledExecutorService timer;
  private final Server server;
  private final String name;

  /// When streams were opened, in virtual nanoseconds.
  final List<Long> opened = new ArrayList<>();

  /// What a stream fails with at once; null for none.
  volatile @Nullable RuntimeException failure;

  /// Whether it says nothing any more.
  volatile boolean mute;

  /// Bytes of each message of entries, sent as fast as they are taken; 0 for none.
  volatile int entryBytes;

  /// The messages that came.
  final AtomicLong taken = new AtomicLong();

  private @Nullable ServerCallStreamObserver<SyncResponse> stream;

  FakeNode(SeededScheduler scheduler, String name) throws IOException {
    this.scheduler = scheduler;
    this.timer = scheduler.newTimer();
    this.name = name;
    this.server =
        InProcessServerBuilder.forName(name)
            .executor(scheduler.executor())
            .scheduledExecutorService(timer)
            .addService(new Oplog())
            .addService(new Chunks())
            .build()
            .start();
  }

  ManagedChannel channel() {
    return InProcessChannelBuilder.forName(name)
        .executor(scheduler.executor())
        .scheduledExecutorService(timer)
        .build();
  }

  /// Ends the stream that is open.
  void cut() {
    ServerCallStreamObserver<SyncResponse> open = stream;
    if (open != null) {
      stream = null;
      open.onError(Status.UNAVAILABLE.withDescription("cut").asRuntimeException());
    }
  }

  void stop() {
    server.shutdownNow();
  }

  private static SyncResponse response(SyncMessage.Builder message) {
    return SyncResponse.newBuilder().setMessage(message).build();
  }

  private final class Oplog extends OplogGrpc.OplogImplBase {
    @Override
    public StreamObserver<SyncRequest> sync(StreamObserver<SyncResponse> responses) {
      opened.add(scheduler.time().nanoTime());
      RuntimeException fails = failure;
      if (fails != null) {
        responses.onError(fails);
        return new Listening(() -> {});
      }
      ServerCallStreamObserver<SyncResponse> call =
          (ServerCallStreamObserver<SyncResponse>) responses;
      stream = call;
      ScheduledFuture<?> heart =
          timer.scheduleWithFixedDelay(
              () -> {
                if (!mute && call.isReady()) {
                  call.onNext(response(SyncMessage.newBuilder().setVectors(vectors())));
                }
              },
              1,
              1,
              TimeUnit.SECONDS);
      call.setOnReadyHandler(() -> {
        while (entryBytes > 0 && call.isReady()) {
          call.onNext(
              response(
                  SyncMessage.newBuilder()
                      .setEntries(
                          SyncEntries.newBuilder()
                              .addEntries(
                                  SyncEntry.newBuilder()
                                      .setEntry(ByteString.copyFrom(new byte[entryBytes]))))));
        }
      });
      call.setOnCancelHandler(() -> heart.cancel(false));
      return new Listening(() -> heart.cancel(false));
    }

    private SyncVectors vectors() {
      return SyncVectors.getDefaultInstance();
    }
  }

  private final class Chunks extends ChunksGrpc.ChunksImplBase {
    @Override
    public void listMissing(
        ListMissingRequest request, StreamObserver<ListMissingResponse> responses) {
      ScheduledFuture<?> _ =
          timer.schedule(
              () -> {
                responses.onNext(ListMissingResponse.getDefaultInstance());
                responses.onCompleted();
              },
              request.getWaitMillis(),
              TimeUnit.MILLISECONDS);
    }
  }

  private final class Listening implements StreamObserver<SyncRequest> {
    private final Runnable ended;

    Listening(Runnable ended) {
      this.ended = ended;
    }

    @Override
    public void onNext(SyncRequest request) {
      taken.incrementAndGet();
    }

    @Override
    public void onError(Throwable thrown) {
      ended.run();
    }

    @Override
    public void onCompleted() {
      ended.run();
    }
  }
}
