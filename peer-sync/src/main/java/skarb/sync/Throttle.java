package skarb.sync;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/// Holds back what is asked for next until what was moved fits under a cap: a bucket of tokens that
/// holds those of one second. What was moved is paid for afterwards, so a message larger than the
/// bucket passes, and the next one waits the longer. All directions of a peer pay into one bucket.
/// Safe for any thread.
public final class Throttle {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final LongSupplier nanoTime;
  private final ScheduledExecutorService timer;
  private final long bytesPerSecond;
  private final ReentrantLock lock = new ReentrantLock();

  /// Up to when the tokens are spent.
  @GuardedBy("lock")
  private long spentUpTo;

  /// @param bytesPerSecond the cap; 0: none
  public Throttle(LongSupplier nanoTime, ScheduledExecutorService timer, long bytesPerSecond) {
    this.nanoTime = nanoTime;
    this.timer = timer;
    this.bytesPerSecond = bytesPerSecond;
    this.spentUpTo = nanoTime.getAsLong() - SECOND;
  }

  /// Whether there is a cap.
  public boolean isCapped() {
    return bytesPerSecond > 0;
  }

  /// Pays for bytes that were moved, and goes on once they are paid for: at once, or from the
  /// timer.
  ///
  /// @param next short; asks for the next message
  public void after(long bytes, Runnable next) {
    long wait = bytesPerSecond == 0 ? 0 : pay(bytes);
    if (wait <= 0) {
      next.run();
    } else {
      ScheduledFuture<?> _ = timer.schedule(next, wait, TimeUnit.NANOSECONDS);
    }
  }

  private long pay(long bytes) {
    long price = (long) ((double) bytes * SECOND / bytesPerSecond);
    lock.lock();
    try {
      long now = nanoTime.getAsLong();
      spentUpTo = (spentUpTo - (now - SECOND) > 0 ? spentUpTo : now - SECOND) + price;
      return spentUpTo - now;
    } finally {
      lock.unlock();
    }
  }
}
