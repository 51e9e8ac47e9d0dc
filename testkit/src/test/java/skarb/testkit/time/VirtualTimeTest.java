package skarb.testkit.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class VirtualTimeTest {
  private final VirtualTime time = new VirtualTime(Instant.EPOCH);
  private final ScheduledExecutorService timer = time.newTimer();
  private final List<String> fired = new ArrayList<>();

  private Runnable note(String name) {
    return () -> fired.add(name + "@" + Duration.ofNanos(time.nanoTime()).toMillis());
  }

  private void after(long millis, String name) {
    var _ = timer.schedule(note(name), millis, TimeUnit.MILLISECONDS);
  }

  @Test
  void timeStandsStillUntilMoved() {
    assertThat(time.instant()).isEqualTo(Instant.EPOCH);
    time.advance(Duration.ofSeconds(3));
    assertThat(time.instant()).isEqualTo(Instant.ofEpochSecond(3));
    assertThat(time.millis()).isEqualTo(3_000);
    assertThat(time.nanoTime()).isEqualTo(3_000_000_000L);
    assertThatThrownBy(() -> time.advance(Duration.ofNanos(-1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void timersFireInTheOrderInWhichTheyAreDue() {
    after(20, "b");
    after(10, "a");
    after(20, "c");
    after(21, "late");
    time.advance(Duration.ofMillis(20));
    assertThat(fired).containsExactly("a@10", "b@20", "c@20");
    assertThat(time.timers()).isEqualTo(1);
    assertThat(time.untilNext()).contains(Duration.ofMillis(1));
  }

  @Test
  void timerSetByATimerFiresOnTheWay() {
    Future<?> first = timer.schedule(() -> after(5, "second"), 10, TimeUnit.MILLISECONDS);
    time.advance(Duration.ofMillis(100));
    assertThat(fired).containsExactly("second@15");
    assertThat(first.isDone()).isTrue();
  }

  @Test
  void jumpGoesToTheNextTimerOnly() {
    after(60_000, "a");
    after(70_000, "b");
    assertThat(time.jumpToNext()).isTrue();
    assertThat(fired).containsExactly("a@60000");
    assertThat(time.jumpToNext()).isTrue();
    assertThat(time.jumpToNext()).isFalse();
    assertThat(time.nanoTime()).isEqualTo(Duration.ofSeconds(70).toNanos());
  }

  @Test
  void periodicTimersKeepTheirRate() {
    ScheduledFuture<?> periodic =
        timer.scheduleAtFixedRate(note("p"), 0, 10, TimeUnit.MILLISECONDS);
    ScheduledFuture<?> delayed =
        timer.scheduleWithFixedDelay(note("d"), 5, 10, TimeUnit.MILLISECONDS);
    time.advance(Duration.ofMillis(20));
    assertThat(fired).containsExactly("p@0", "d@5", "p@10", "d@15", "p@20");
    periodic.cancel(false);
    delayed.cancel(false);
    time.advance(Duration.ofMillis(100));
    assertThat(fired).hasSize(5);
    assertThat(time.timers()).isZero();
  }

  @Test
  void periodicTimerThatFailsStops() {
    ScheduledFuture<?> periodic =
        timer.scheduleAtFixedRate(
            () -> {
              throw new IllegalStateException("once");
            },
            1,
            1,
            TimeUnit.SECONDS);
    time.advance(Duration.ofSeconds(5));
    assertThat(periodic.isDone()).isTrue();
    assertThat(time.timers()).isZero();
    assertThatThrownBy(periodic::get).hasRootCauseMessage("once");
  }

  @Test
  void cancelledTimerDoesNotFire() {
    ScheduledFuture<?> cancelled = timer.schedule(note("a"), 1, TimeUnit.MILLISECONDS);
    assertThat(cancelled.cancel(false)).isTrue();
    assertThat(cancelled.getDelay(TimeUnit.MILLISECONDS)).isEqualTo(1);
    time.advance(Duration.ofSeconds(1));
    assertThat(fired).isEmpty();
  }

  @Test
  void resultsAndTasksGoThroughTheExecutor() throws Exception {
    Queue<Runnable> handed = new ArrayDeque<>();
    ScheduledExecutorService elsewhere = time.newTimer(handed::add);
    ScheduledFuture<Integer> answer = elsewhere.schedule(() -> 42, 1, TimeUnit.SECONDS);
    Future<String> now = elsewhere.submit(() -> "now");
    time.advance(Duration.ofSeconds(1));
    assertThat(answer.isDone()).isFalse();
    assertThat(handed).hasSize(2);
    handed.forEach(Runnable::run);
    assertThat(answer.get()).isEqualTo(42);
    assertThat(now.get()).isEqualTo("now");
  }

  @Test
  void wallClockCanBeSkewedAndTheTickerCannot() {
    after(1_000, "a");
    time.skewBy(Duration.ofHours(-1));
    assertThat(time.instant()).isEqualTo(Instant.ofEpochSecond(-3_600));
    time.skewBy(Duration.ofHours(2));
    assertThat(time.instant()).isEqualTo(Instant.ofEpochSecond(3_600));
    assertThat(time.nanoTime()).isZero();
    assertThat(fired).isEmpty();
  }

  @Test
  void shutDownTimerStillFiresWhatWasDelayedAndDropsWhatWasPeriodic() {
    ScheduledExecutorService other = time.newTimer();
    after(10, "delayed");
    var _ = timer.scheduleAtFixedRate(note("periodic"), 1, 1, TimeUnit.MILLISECONDS);
    timer.shutdown();
    assertThatThrownBy(() -> after(1, "refused")).isInstanceOf(RejectedExecutionException.class);
    assertThat(timer.isTerminated()).isFalse();
    time.advance(Duration.ofMillis(10));
    assertThat(fired).containsExactly("delayed@10");
    assertThat(timer.isTerminated()).isTrue();
    Future<?> later = other.schedule(note("other"), 1, TimeUnit.MILLISECONDS);
    assertThat(other.shutdownNow()).hasSize(1).first().isSameAs(later);
    assertThat(other.isTerminated()).isTrue();
  }
}
