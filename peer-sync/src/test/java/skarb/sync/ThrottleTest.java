package skarb.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import skarb.testkit.time.VirtualTime;

class ThrottleTest {
  private final VirtualTime time = new VirtualTime();
  private final List<Long> passedMillis = new ArrayList<>();

  private void pass(Throttle throttle, long bytes) {
    throttle.after(bytes, () -> passedMillis.add(Duration.ofNanos(time.nanoTime()).toMillis()));
  }

  @Test
  void withoutACapNothingWaits() {
    Throttle throttle = new Throttle(time::nanoTime, time.newTimer(), 0);
    pass(throttle, Long.MAX_VALUE);
    assertThat(passedMillis).hasSize(1);
  }

  @Test
  void aSecondsWorthPassesAtOnceAndTheRestWaits() {
    long start = Duration.ofNanos(time.nanoTime()).toMillis();
    Throttle throttle = new Throttle(time::nanoTime, time.newTimer(), 1_000);
    for (int i = 0; i < 4; i++) {
      pass(throttle, 500);
    }
    time.advance(Duration.ofSeconds(10));
    assertThat(passedMillis).containsExactly(start, start, start + 500, start + 1_000);
  }

  @Test
  void whatIsLargerThanTheBucketPassesAndTheNextOneWaitsTheLonger() {
    long start = Duration.ofNanos(time.nanoTime()).toMillis();
    Throttle throttle = new Throttle(time::nanoTime, time.newTimer(), 1_000);
    pass(throttle, 5_000);
    time.advance(Duration.ofSeconds(10));
    pass(throttle, 1);
    assertThat(passedMillis).containsExactly(start + 4_000, start + 10_000);
  }

  @Test
  void idleTimeIsSavedForASecondAndNoLonger() {
    Throttle throttle = new Throttle(time::nanoTime, time.newTimer(), 1_000);
    pass(throttle, 1_000);
    time.advance(Duration.ofHours(1));
    passedMillis.clear();
    long now = Duration.ofNanos(time.nanoTime()).toMillis();
    pass(throttle, 1_000);
    pass(throttle, 1_000);
    time.advance(Duration.ofSeconds(5));
    assertThat(passedMillis).containsExactly(now, now + 1_000);
  }
}
