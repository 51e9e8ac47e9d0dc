package skarb.sync.chunks;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import skarb.sync.Ending;
import skarb.sync.Throttle;
import skarb.testkit.schedule.SeededScheduler;
import skarb.v1.ChunksGrpc;
import skarb.v1.FetchRequest;
import skarb.v1.FetchResponse;
import skarb.v1.Frame;
import skarb.v1.ListMissingRequest;
import skarb.v1.ListMissingResponse;
import skarb.v1.PushRequest;
import skarb.v1.PushResponse;

class ChunkRelayTest {
  private static final int LOOK_MILLIS = 100;

  private SeededScheduler scheduler;
  private Place from;
  private Place to;
  private Ending ending;
  private ChunkRelay relay;

  @BeforeEach
  void start() throws IOException {
    scheduler = new SeededScheduler(20_261_125);
    from = new Place("from");
    to = new Place("to");
    ending = new Ending();
    relay = relay(0);
  }

  private ChunkRelay relay(long cap) {
    Throttle throttle = new Throttle(scheduler.time()::nanoTime, scheduler.newTimer(), cap);
    return new ChunkRelay(
        from.channel, to.channel, new ChunkRelay.Way((entries, bytes) -> {}, throttle), ending);
  }

  @AfterEach
  void stop() {
    assertThat(ending.isEnded()).isFalse();
    scheduler.run(relay::close);
    from.stop();
    to.stop();
    scheduler.close();
  }

  private void want(int count) {
    for (int i = 0; i < count; i++) {
      to.wanted.add(name(i));
      from.held.add(name(i));
    }
  }

  private static ByteString name(int number) {
    return ByteString.copyFromUtf8("%032d".formatted(number));
  }

  @Test
  void allThatIsWantedComesOnceThoughRoundsOverlap() {
    want(1_000);
    scheduler.run(relay::begin);
    scheduler.advance(Duration.ofSeconds(2));

    assertThat(to.wanted).isEmpty();
    assertThat(to.pushed).hasSize(1_000).doesNotHaveDuplicates();
    assertThat(to.mostAtOnce).isBetween(2, 3);
  }

  @Test
  void underACapOneRoundRunsAtATime() {
    want(200);
    relay = relay(1_000_000);
    scheduler.run(relay::begin);
    scheduler.advance(Duration.ofSeconds(10));

    assertThat(to.pushed).hasSize(200).doesNotHaveDuplicates();
    assertThat(to.mostAtOnce).isOne();
  }

  @Test
  void whatTheOtherDoesNotHaveHoldsNothingUpAndIsAskedForAgain() {
    want(300);
    for (int i = 0; i < 100; i++) {
      from.held.remove(name(i));
    }
    scheduler.run(relay::begin);
    scheduler.advance(Duration.ofSeconds(2));
    assertThat(to.pushed).hasSize(200);

    want(100);
    scheduler.advance(Duration.ofSeconds(12));

    assertThat(to.pushed).hasSize(300).doesNotHaveDuplicates();
  }

  @Test
  void newChunksDoNotWaitForThoseThatAreLeftOut() {
    want(10);
    from.held.clear();
    scheduler.run(relay::begin);
    scheduler.advance(Duration.ofMinutes(1));
    assertThat(from.fetches).isBetween(5, 12);

    want(11);
    from.held.retainAll(Set.of(name(10)));
    scheduler.advance(Duration.ofMillis(2 * LOOK_MILLIS));
    assertThat(to.pushed).containsExactly(name(10));

    from.held.add(name(0));
    scheduler.advance(Duration.ofMillis(10_500));
    assertThat(to.pushed).containsExactly(name(10), name(0));
  }

  @Test
  void whatIsWantedLaterComes() {
    scheduler.run(relay::begin);
    scheduler.advance(Duration.ofSeconds(30));
    want(1);
    scheduler.advance(Duration.ofMillis(10_100));

    assertThat(to.pushed).containsExactly(name(0));
  }

  /// A node's chunks: what it has, and what it wants.
  private final class Place extends ChunksGrpc.ChunksImplBase {
    private final Server server;
    final ManagedChannel channel;
    final Set<ByteString> held = new HashSet<>();
    final Set<ByteString> wanted = new LinkedHashSet<>();
    final List<ByteString> pushed = new ArrayList<>();
    int fetches;
    int atOnce;
    int mostAtOnce;

    Place(String name) throws IOException {
      server =
          InProcessServerBuilder.forName(name)
              .executor(scheduler.executor())
              .scheduledExecutorService(scheduler.newTimer())
              .addService(this)
              .build()
              .start();
      channel =
          InProcessChannelBuilder.forName(name)
              .executor(scheduler.executor())
              .scheduledExecutorService(scheduler.newTimer())
              .build();
    }

    void stop() {
      channel.shutdownNow();
      server.shutdownNow();
    }

    @Override
    public void listMissing(
        ListMissingRequest request, StreamObserver<ListMissingResponse> responses) {
      answer(request, responses, request.getWaitMillis());
    }

    private void answer(
        ListMissingRequest request, StreamObserver<ListMissingResponse> responses, int waitMillis) {
      Set<ByteString> except = Set.copyOf(request.getExceptList());
      List<ByteString> found =
          wanted.stream().filter(each -> !except.contains(each)).limit(request.getLimit()).toList();
      if (found.isEmpty() && waitMillis > 0) {
        ScheduledFuture<?> _ =
            scheduler
                .newTimer()
                .schedule(
                    () -> answer(request, responses, waitMillis - LOOK_MILLIS),
                    LOOK_MILLIS,
                    TimeUnit.MILLISECONDS);
        return;
      }
      responses.onNext(ListMissingResponse.newBuilder().addAllChunks(found).build());
      responses.onCompleted();
    }

    @Override
    public StreamObserver<FetchRequest> fetch(StreamObserver<FetchResponse> responses) {
      return new StreamObserver<>() {
        @Override
        public void onNext(FetchRequest request) {
          fetches++;
          for (ByteString chunk : request.getChunksList()) {
            FetchResponse.Builder response = FetchResponse.newBuilder().setChunk(chunk);
            if (held.contains(chunk)) {
              response.setFrame(Frame.newBuilder().setContent(chunk)).setLast(true);
            } else {
              response.setAbsent(true);
            }
            responses.onNext(response.build());
          }
        }

        @Override
        public void onError(Throwable thrown) {}

        @Override
        public void onCompleted() {
          responses.onCompleted();
        }
      };
    }

    /// Takes a while to answer, as a node does that forces what came.
    @Override
    public StreamObserver<PushRequest> push(StreamObserver<PushResponse> responses) {
      atOnce++;
      mostAtOnce = Math.max(mostAtOnce, atOnce);
      List<ByteString> came = new ArrayList<>();
      return new StreamObserver<>() {
        @Override
        public void onNext(PushRequest request) {
          came.add(request.getChunk());
        }

        @Override
        public void onError(Throwable thrown) {}

        @Override
        public void onCompleted() {
          ScheduledFuture<?> _ =
              scheduler
                  .newTimer()
                  .schedule(
                      () -> {
                        pushed.addAll(came);
                        came.forEach(wanted::remove);
                        atOnce--;
                        responses.onNext(PushResponse.getDefaultInstance());
                        responses.onCompleted();
                      },
                      20,
                      TimeUnit.MILLISECONDS);
        }
      };
    }
  }
}
