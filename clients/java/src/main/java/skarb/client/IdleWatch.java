package skarb.client;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

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

  void stop() {
    stopped = true;
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
      ScheduledFuture<?> unused = timer.schedule(this, nanos, TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      stopped = true; // the client was closed, and ends its calls
    }
  }
}
