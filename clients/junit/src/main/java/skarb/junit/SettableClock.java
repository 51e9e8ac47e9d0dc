package skarb.junit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.locks.ReentrantLock;

/// A clock that stands still until a test moves it, and only moves forward: a store whose clock
/// goes back refuses writes. For [SkarbExtension.Builder#clock]. Safe for many threads: whoever
/// asks after a move sees it.
///
/// Timers of the server run by the machine's time: moving the clock changes what is judged by it
/// (dates, signatures, tokens), and wakes nobody.
public final class SettableClock implements InstantSource {
  private final ReentrantLock moving = new ReentrantLock();
  private volatile Instant now;

  private SettableClock(Instant now) {
    this.now = now;
  }

  /// One that stands at an instant.
  public static SettableClock at(Instant start) {
    return new SettableClock(start);
  }

  /// One that stands at the machine's present.
  public static SettableClock atPresent() {
    return new SettableClock(InstantSource.system().instant());
  }

  @Override
  public Instant instant() {
    return now;
  }

  /// Moves it forward.
  ///
  /// @throws IllegalArgumentException if the duration is negative
  public void advance(Duration by) {
    moving.lock();
    try {
      set(now.plus(by));
    } finally {
      moving.unlock();
    }
  }

  /// Moves it forward to an instant.
  ///
  /// @throws IllegalArgumentException if that is before the present
  public void set(Instant to) {
    moving.lock();
    try {
      if (to.isBefore(now)) {
        throw new IllegalArgumentException(
            "the clock stands at " + now + " and does not go back to " + to);
      }
      now = to;
    } finally {
      moving.unlock();
    }
  }

  @Override
  public String toString() {
    return "SettableClock[" + now + "]";
  }
}
