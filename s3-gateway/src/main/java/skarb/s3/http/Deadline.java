package skarb.s3.http;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One deadline that is moved often and reached rarely: moving it later costs no timer. For its
/// event loop.
final class Deadline {
  private final EventLoop loop;
  private final Runnable expired;
  private boolean active;
  private long atNanos;
  private long timerAtNanos;
  private @Nullable Future<?> timer;

  /// A deadline that is not set.
  ///
  /// @param expired run on the loop when it is reached
  Deadline(EventLoop loop, Runnable expired) {
    this.loop = loop;
    this.expired = expired;
  }

  /// Sets it, or moves it.
  void set(Duration from) {
    active = true;
    atNanos = now() + from.toNanos();
    if (timer == null || timerAtNanos - atNanos > 0) {
      schedule();
    }
  }

  /// Takes it back. The timer, if one runs, finds nothing to do.
  void clear() {
    active = false;
  }

  private void schedule() {
    if (timer != null) {
      timer.cancel(false);
    }
    timerAtNanos = atNanos;
    timer = loop.schedule(this::fire, Math.max(0, atNanos - now()), TimeUnit.NANOSECONDS);
  }

  private void fire() {
    timer = null;
    if (!active) {
      return;
    }
    if (atNanos - now() > 0) {
      schedule();
      return;
    }
    active = false;
    expired.run();
  }

  private long now() {
    return loop.ticker().nanoTime();
  }
}
