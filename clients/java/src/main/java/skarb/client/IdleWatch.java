package skarb.client;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Sees a stream that waits for the server and on which nothing moves. The time that the
/// application takes, over its own stream or between two reads, does not count. Safe for any
/// thread.
final class IdleWatch implements Runnable {
  private final ScheduledExecutorService timer;
  private final long limitNanos;
  private final Runnable onIdle;
  private volatile long movedNanos;
  private volatile boolean waiting;
  private volatile boolean stopped;
  private volatile @Nullable ScheduledFuture<?> next;

  /// @param onIdle run once, on the timer's thread
  IdleWatch(ScheduledExecutorService timer, Duration limit, Runnable onIdle) {
    this.timer = timer;
    this.limitNanos = limit.toNanos();
    this.onIdle = onIdle;
  }

  /// Begins to watch.
  void start() {
    waitForServer(true);
    schedule(limitNanos);
  }

  /// Something moved.
  void moved() {
    movedNanos = System.nanoTime();
  }

  /// Whether the server is waited for, from now on.
  void waitForServer(boolean value) {
    moved();
    waiting = value;
  }

  /// The stream has ended: nothing of it is kept for the timer.
  void stop() {
    stopped = true;
    ScheduledFuture<?> waitingFor = next;
    if (waitingFor != null) {
      waitingFor.cancel(false);
    }
  }

  @Override
  public void run() {
    if (stopped) {
      return;
    }
    long idle = waiting ? System.nanoTime() - movedNanos : 0;
    if (idle >= limitNanos) {
      stopped = true;
      onIdle.run();
    } else {
      schedule(limitNanos - idle);
    }
  }

  private void schedule(long nanos) {
    try {
      ScheduledFuture<?> scheduled = timer.schedule(this, nanos, TimeUnit.NANOSECONDS);
      next = scheduled;
      if (stopped) {
        scheduled.cancel(false);
      }
    } catch (RejectedExecutionException e) {
      stopped = true; // the client was closed, and ends its calls
    }
  }
}
