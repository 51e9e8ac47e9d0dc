package skarb.node.commit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import skarb.node.model.Hlc;

class HybridClockTest {
  private final ManualClock wall = new ManualClock(1_000);
  private final HybridClock clock = new HybridClock(wall, Hlc.ZERO);

  @Test
  void aStampIsTheWallClocksMillisecond() {
    assertThat(clock.stamp(Hlc.ZERO)).isEqualTo(Hlc.ofMillis(1_000));
  }

  @Test
  void stampsWithinAMillisecondCount() {
    Hlc first = clock.stamp(Hlc.ZERO);
    assertThat(clock.stamp(Hlc.ZERO)).isEqualTo(first.next());
  }

  @Test
  void aStampIsAboveTheHighestOneOfTheStoreThatWasOpened() {
    HybridClock reopened = new HybridClock(wall, Hlc.ofMillis(5_000));
    assertThat(reopened.stamp(Hlc.ZERO)).isEqualTo(Hlc.ofMillis(5_000).next());
  }

  @Test
  void aWallClockSetBackDoesNotTakeStampsBack() {
    Hlc before = clock.stamp(Hlc.ZERO);
    wall.set(10);
    assertThat(clock.stamp(Hlc.ZERO)).isEqualTo(before.next());
    wall.set(-10);
    assertThat(clock.stamp(Hlc.ZERO)).isEqualTo(before.next().next());
  }

  @Test
  void aStampIsAboveThoseJoined() {
    clock.joined(Hlc.ofMillis(7_000));
    clock.joined(Hlc.ofMillis(6_000));
    assertThat(clock.stamp(Hlc.ZERO)).isEqualTo(Hlc.ofMillis(7_000).next());
  }

  @Test
  void aStampIsAboveWhatItSupersedes() {
    assertThat(clock.stamp(Hlc.ofMillis(9_000))).isEqualTo(Hlc.ofMillis(9_000).next());
    assertThat(clock.stamp(Hlc.ZERO)).isGreaterThan(Hlc.ofMillis(9_000).next());
  }

  @Test
  void aCounterThatOverflowsCarriesIntoTheMilliseconds() {
    clock.joined(new Hlc((1_000L << 16) | 0xffff));
    assertThat(clock.stamp(Hlc.ZERO)).isEqualTo(Hlc.ofMillis(1_001));
  }

  @Test
  void itTellsHowFarItStandsAboveTheWallClock() {
    assertThat(clock.ahead()).isZero();
    clock.joined(Hlc.ofMillis(61_500));
    assertThat(clock.ahead()).isEqualTo(Duration.ofMillis(60_500));
    wall.advance(100_000);
    assertThat(clock.ahead()).isZero();
  }
}
