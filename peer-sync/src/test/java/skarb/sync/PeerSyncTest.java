package skarb.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.rpc.Code;
import com.google.rpc.ErrorInfo;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import skarb.testkit.schedule.SeededScheduler;

class PeerSyncTest {
  private static final long SEED = 20_261_125;

  private SeededScheduler scheduler;
  private FakeNode here;
  private FakeNode there;
  private ManagedChannel local;
  private ManagedChannel remote;
  private PeerSync sync;
  private final AtomicInteger hungUp = new AtomicInteger();

  @BeforeEach
  void start() throws IOException {
    scheduler = new SeededScheduler(SEED);
    here = new FakeNode(scheduler, "here");
    there = new FakeNode(scheduler, "there");
    local = here.channel();
    remote = there.channel();
    sync = sync(0);
  }

  private PeerSync sync(long bytesPerSecond) {
    return new PeerSync(
        new SyncSeams(
            scheduler.time(),
            scheduler.time()::nanoTime,
            scheduler.threads("sync"),
            scheduler.newTimer(),
            new SplittableRandom(SEED)),
        local,
        new Peer("there", remote, bytesPerSecond, hungUp::incrementAndGet));
  }

  @AfterEach
  void stop() {
    scheduler.run(sync::close);
    assertThat(sync.status().state()).isEqualTo(PeerStatus.State.STOPPED);
    local.shutdownNow();
    remote.shutdownNow();
    here.stop();
    there.stop();
    scheduler.close();
  }

  private void startAndAdvance(Duration by) {
    scheduler.run(sync::start);
    scheduler.advance(by);
  }

  @Test
  void anExchangeInWhichThePeerSpeaksIsLive() {
    assertThat(sync.status().lastContactMillis()).isZero();
    startAndAdvance(Duration.ofSeconds(5));

    PeerStatus status = sync.status();
    assertThat(status.state()).isEqualTo(PeerStatus.State.LIVE);
    assertThat(status.attempts()).isOne();
    assertThat(status.lastError()).isEmpty();
    assertThat(scheduler.time().millis() - status.lastContactMillis()).isBetween(0L, 1_500L);
    assertThat(here.taken.get()).isPositive();
    assertThat(there.taken.get()).isPositive();
  }

  @Test
  void pausesGrowUpToHalfAMinuteWhileNothingAnswers() {
    there.failure = Status.UNAVAILABLE.asRuntimeException();
    startAndAdvance(Duration.ofMinutes(10));

    assertThat(sync.status().state()).isEqualTo(PeerStatus.State.BACKING_OFF);
    List<Long> opened = List.copyOf(there.opened);
    assertThat(gapMillis(opened, 0)).isBetween(100L, 250L);
    assertThat(gapMillis(opened, opened.size() - 2)).isBetween(15_000L, 30_100L);
  }

  @Test
  void eachAttemptConnectsAnew() {
    there.failure = Status.UNAVAILABLE.asRuntimeException();
    startAndAdvance(Duration.ofMinutes(10));

    assertThat(sync.status().attempts()).isGreaterThan(10);
    assertThat(hungUp.get()).isEqualTo(sync.status().attempts());
  }

  @Test
  void whyAnExchangeEndedIsOneLine() {
    there.failure =
        Status.UNAVAILABLE.withDescription("io exception\nPipeline: [a, b]").asRuntimeException();
    startAndAdvance(Duration.ofSeconds(1));

    assertThat(sync.status().lastError()).isEqualTo("the other site: UNAVAILABLE: io exception");
  }

  @Test
  void pauseIsTheFirstAgainAfterAnExchangeThatLived() {
    there.failure = Status.UNAVAILABLE.asRuntimeException();
    startAndAdvance(Duration.ofMinutes(10));
    there.failure = null;
    scheduler.advance(Duration.ofMinutes(1));
    assertThat(sync.status().state()).isEqualTo(PeerStatus.State.LIVE);
    int before = there.opened.size();

    there.cut();
    scheduler.advance(Duration.ofMillis(300));

    assertThat(there.opened).hasSize(before + 1);
    assertThat(sync.status().lastError()).contains("cut");
  }

  @Test
  void exchangesThatEndAtOnceAreNoReasonToHurry() {
    scheduler.run(sync::start);
    for (int i = 0; i < 60; i++) {
      scheduler.advance(Duration.ofSeconds(2));
      there.cut();
    }
    assertThat(sync.status().attempts()).isLessThan(20);
  }

  @Test
  void silenceEndsAnExchange() {
    startAndAdvance(Duration.ofSeconds(20));
    there.mute = true;
    scheduler.advance(Duration.ofSeconds(25));
    assertThat(there.opened).hasSize(1);

    scheduler.advance(Duration.ofSeconds(15));

    assertThat(there.opened).hasSizeGreaterThan(1);
    assertThat(sync.status().lastError()).contains("nothing came from the other site for 30 s");
  }

  @Test
  void refusalIsToldAndTriedAgainSeldom() {
    there.failure =
        StatusProto.toStatusRuntimeException(
            com.google.rpc.Status.newBuilder()
                .setCode(Code.FAILED_PRECONDITION_VALUE)
                .setMessage("a site with this site's own id")
                .addDetails(
                    Any.pack(
                        ErrorInfo.newBuilder()
                            .setDomain("skarb")
                            .setReason("SYNC_REFUSED")
                            .build()))
                .build());
    startAndAdvance(Duration.ofMinutes(10));

    PeerStatus status = sync.status();
    assertThat(status.state()).isEqualTo(PeerStatus.State.REFUSED);
    assertThat(status.lastError()).contains("a site with this site's own id");
    assertThat(status.attempts()).isBetween(10L, 21L);

    there.failure = null;
    scheduler.advance(Duration.ofSeconds(62));
    assertThat(sync.status().state()).isEqualTo(PeerStatus.State.LIVE);
  }

  @Test
  void callerWhoIsNotLetInIsRefusedToo() {
    there.failure = Status.PERMISSION_DENIED.asRuntimeException();
    startAndAdvance(Duration.ofSeconds(5));
    assertThat(sync.status().state()).isEqualTo(PeerStatus.State.REFUSED);
  }

  @Test
  void capHoldsBackWhatComesAndIsNoSilence() {
    sync = sync(32 << 10);
    there.entryBytes = 320 << 10;
    startAndAdvance(Duration.ofSeconds(100));

    PeerStatus status = sync.status();
    assertThat(status.state()).isEqualTo(PeerStatus.State.LIVE);
    assertThat(status.attempts()).isOne();
    assertThat(status.moved().bytesReceived()).isBetween(90L * (32 << 10), 121L * (32 << 10));
    assertThat(status.moved().entriesReceived()).isBetween(9L, 12L);
  }

  @Test
  void closingBeforeTheBeginningDoesNotWait() {
    scheduler.run(sync(0)::close);
    startAndAdvance(Duration.ofSeconds(1));
  }

  private static long gapMillis(List<Long> times, int index) {
    return Duration.ofNanos(times.get(index + 1) - times.get(index)).toMillis();
  }
}
