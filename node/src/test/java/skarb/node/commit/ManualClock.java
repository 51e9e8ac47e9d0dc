package skarb.node.commit;

import java.time.Instant;
import java.time.InstantSource;

/// A wall clock that stands until it is moved.
final class ManualClock implements InstantSource {
  private volatile long millis;

  ManualClock(long millis) {
    this.millis = millis;
  }

  void set(long newMillis) {
    millis = newMillis;
  }

  void advance(long byMillis) {
    set(millis + byMillis);
  }

  @Override
  public long millis() {
    return millis;
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis);
  }
}
