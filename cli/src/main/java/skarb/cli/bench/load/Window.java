package skarb.cli.bench.load;

import java.util.concurrent.atomic.AtomicLong;

/// From when to when a load is measured, and how many operations are left. Shared by the workers;
/// what finishes within the window counts.
final class Window {
  private final AtomicLong tickets = new AtomicLong();
  private final long maxTickets;
  private final long uncounted;
  private final long durationNanos;
  private volatile long start;

  private Window(long start, long durationNanos, long maxTickets, long uncounted) {
    this.start = start;
    this.durationNanos = durationNanos;
    this.maxTickets = maxTickets;
    this.uncounted = uncounted;
  }

  /// Begins at a time.
  ///
  /// @param start on the clock of `System.nanoTime`
  /// @param maxTickets the most operations
  static Window at(long start, long durationNanos, long maxTickets) {
    return new Window(start, durationNanos, maxTickets, 0);
  }

  /// Begins once so many operations have begun.
  ///
  /// @param uncounted at least one
  static Window after(long uncounted, long now, long durationNanos, long maxTickets) {
    return new Window(now + Long.MAX_VALUE / 4, durationNanos, maxTickets, uncounted);
  }

  /// Whether one more operation may begin.
  ///
  /// @return its number; -1: the load is over
  long next(long now) {
    if (now - start >= durationNanos) {
      return -1;
    }
    long ticket = tickets.getAndIncrement();
    if (ticket >= maxTickets) {
      return -1;
    }
    if (ticket == uncounted && uncounted > 0) {
      start = now;
    }
    return ticket;
  }

  long start() {
    return start;
  }

  long end() {
    return start + durationNanos;
  }

  /// Whether an operation that finished now counts.
  boolean holds(long now) {
    long since = now - start;
    return since >= 0 && since <= durationNanos;
  }
}
