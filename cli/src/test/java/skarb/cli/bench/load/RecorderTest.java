package skarb.cli.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import skarb.cli.bench.load.Measurement.Figures;

/// What becomes of workers' notes.
class RecorderTest {
  private static final long MILLI = 1_000_000;

  private static Figures put(Recorder recorder) {
    return Objects.requireNonNull(
        recorder.measurement(10, new CpuUse(1, 2)).operations().get(Operation.PUT));
  }

  @Test
  void percentilesAreThoseOfAllWorkersTogether() {
    Recorder all = new Recorder();
    for (int worker = 0; worker < 4; worker++) {
      Recorder recorder = new Recorder();
      for (int i = 1; i <= 250; i++) {
        long millis = 4L * i - worker;
        recorder.success(Operation.PUT, i % 10, i, millis * MILLI, 100, 1, -1);
      }
      all.add(recorder);
    }
    Figures figures = put(all);
    assertThat(figures.count()).isEqualTo(1000);
    assertThat(figures.bytes()).isEqualTo(100_000);
    assertThat(figures.latency().p50()).isCloseTo(500, within(1.0));
    assertThat(figures.latency().p90()).isCloseTo(900, within(1.0));
    assertThat(figures.latency().p99()).isCloseTo(990, within(1.0));
    assertThat(figures.latency().p999()).isCloseTo(999, within(1.0));
    assertThat(figures.latency().max()).isCloseTo(1000, within(1.0));
    assertThat(figures.firstByte().isEmpty()).isTrue();
    assertThat(figures.perSecond()).isEqualTo(new PerSecond(100, 100, 100));
  }

  @Test
  void theSlowestSecondShowsAStall() {
    Recorder recorder = new Recorder();
    for (int second = 0; second < 10; second++) {
      for (int i = 0; second != 4 && i < 50; i++) {
        recorder.success(Operation.PUT, second, second, MILLI, 1, 1, -1);
      }
    }
    assertThat(put(recorder).perSecond()).isEqualTo(new PerSecond(0, 50, 50));
  }

  @Test
  void failuresAreCountedByCode() {
    Recorder recorder = new Recorder();
    recorder.failure("SlowDown", "first", 1);
    recorder.failure("SlowDown", "second", 2);
    recorder.failure("connection", "gone", 3);
    Measurement measurement = recorder.measurement(1, new CpuUse(0, -1));
    assertThat(measurement.failed()).isEqualTo(3);
    assertThat(measurement.errors()).containsEntry("SlowDown", 2L).containsEntry("connection", 1L);
    assertThat(measurement.examples()).containsEntry("SlowDown", "first");
    assertThat(recorder.lastFinish(0)).isEqualTo(3);
  }

  @Test
  void aWindowHoldsWhatFinishesInIt() {
    Window window = Window.at(1000, 500, Long.MAX_VALUE);
    assertThat(window.holds(999)).isFalse();
    assertThat(window.holds(1000)).isTrue();
    assertThat(window.holds(1500)).isTrue();
    assertThat(window.holds(1501)).isFalse();
    assertThat(window.next(900)).isZero();
    assertThat(window.next(1500)).isEqualTo(-1);
  }

  @Test
  void aWindowOpensAfterItsUncountedOperations() {
    Window window = Window.after(2, 1000, 500, 4);
    assertThat(window.next(1100)).isZero();
    assertThat(window.next(1200)).isEqualTo(1);
    assertThat(window.holds(1250)).isFalse();
    assertThat(window.next(1300)).isEqualTo(2);
    assertThat(window.start()).isEqualTo(1300);
    assertThat(window.holds(1310)).isTrue();
    assertThat(window.next(1400)).isEqualTo(3);
    assertThat(window.next(1401)).isEqualTo(-1);
  }
}
