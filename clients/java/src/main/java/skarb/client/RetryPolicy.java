package skarb.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// Whether and when to try again. Pauses double from attempt to attempt up to a bound, and each is
/// drawn between half of that and all of it, so that clients that failed together do not come back
/// together. Safe for several threads if the generator is.
final class RetryPolicy {
  private final int maxAttempts;
  private final Duration firstPause;
  private final Duration longestPause;
  private final RandomGenerator random;

  RetryPolicy(int maxAttempts, Duration firstPause, Duration longestPause, RandomGenerator random) {
    this.maxAttempts = maxAttempts;
    this.firstPause = firstPause;
    this.longestPause = longestPause;
    this.random = random;
  }

  /// @param attempts how many there were
  boolean mayTryAgain(Repeat repeat, SkarbException failure, int attempts) {
    if (attempts >= maxAttempts) {
      return false;
    }
    return switch (repeat) {
      case NEVER -> false;
      case IF_REFUSED -> isRefusal(failure.reason());
      case ALWAYS -> isRefusal(failure.reason()) || mayPass(failure.reason());
    };
  }

  /// Nothing was done, and the next attempt may fare better: the node had no room, the key was
  /// changed since it was looked at, a frame was damaged on its way.
  private static boolean isRefusal(Reason reason) {
    return reason == Reason.OVERLOADED
        || reason == Reason.KEY_CHANGED
        || reason == Reason.FRAME_CHECKSUM_MISMATCH;
  }

  /// Nobody knows what was done, and the next attempt may fare better.
  private static boolean mayPass(Reason reason) {
    return reason == Reason.CONNECTION_FAILED
        || reason == Reason.SHUTTING_DOWN
        || reason == Reason.BODY_NOT_HERE
        || reason == Reason.REQUEST_TIMEOUT
        || reason == Reason.STALLED
        || reason == Reason.DAMAGED_ON_THE_WAY;
  }

  /// The pause before the next attempt.
  ///
  /// @param attempts how many there were, at least one
  Duration pauseAfter(int attempts) {
    long longest = longestPause.toNanos();
    long nanos = Math.min(firstPause.toNanos(), longest);
    for (int i = 1; i < attempts && nanos < longest; i++) {
      nanos = Math.min(longest, nanos * 2);
    }
    return Duration.ofNanos(nanos - random.nextLong(nanos / 2 + 1));
  }
}
