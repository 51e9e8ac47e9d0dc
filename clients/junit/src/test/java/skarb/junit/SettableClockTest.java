package skarb.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SettableClockTest {
  private final Instant start = Instant.parse("2031-05-06T07:08:09Z");
  private final SettableClock clock = SettableClock.at(start);

  @Test
  void standsUntilItIsMoved() {
    assertThat(clock.instant()).isEqualTo(start);
    clock.advance(Duration.ofDays(2));
    assertThat(clock.instant()).isEqualTo(start.plus(Duration.ofDays(2)));
    clock.set(start.plus(Duration.ofDays(9)));
    assertThat(clock.instant()).isEqualTo(start.plus(Duration.ofDays(9)));
  }

  @Test
  void doesNotGoBack() {
    assertThatThrownBy(() -> clock.advance(Duration.ofMillis(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("does not go back");
    assertThatThrownBy(() -> clock.set(start.minusMillis(1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(clock.instant()).isEqualTo(start);
  }
}
