package skarb.simulation;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import skarb.testkit.time.VirtualTime;

/// The wall clock of one site: it can be put forward or back, and run fast.
final class SiteClock implements InstantSource {
  private final VirtualTime time;
  private volatile Duration skew = Duration.ZERO;
  private volatile double fasterBy;
  private volatile Instant fastSince = Instant.EPOCH;

  SiteClock(VirtualTime time) {
    this.time = time;
  }

  @Override
  public Instant instant() {
    Instant now = time.instant();
    Duration gained =
        Duration.ofMillis((long) (Duration.between(fastSince, now).toMillis() * fasterBy));
    return now.plus(skew).plus(fasterBy == 0 ? Duration.ZERO : gained);
  }

  /// Shows that much more than the true time from now on.
  void set(Duration ahead) {
    skew = ahead;
    fasterBy = 0;
  }

  void run(double fasterBy) {
    skew = Duration.between(time.instant(), instant());
    fastSince = time.instant();
    this.fasterBy = fasterBy;
  }

  /// As NTP would set it.
  void setRight() {
    set(Duration.ZERO);
  }
}
