package skarb.testkit.time;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A clock that stands still until it is moved by hand, and the timers that its movement fires.
///
/// It has two faces, as a machine does: the wall clock ([#instant]), which can be skewed to jump
/// forward or back, and the ticker ([#nanoTime]), which only goes forward and by which timers are
/// due. Timers fire in the order in which they are due, and those due together in the order in
/// which they were set; while one fires the clock shows the moment at which it was due.
///
/// Safe for use by many threads; only one of them should move the time.
public final class VirtualTime implements InstantSource {
  private final ReentrantLock lock = new ReentrantLock();
  private final Instant start;

  // Guarded by the lock.
  private final PriorityQueue<VirtualTimer.Task<?>> queue = new PriorityQueue<>();
  private long nanos;
  private Duration skew = Duration.ZERO;
  private long lastSequence;

  /// Time that begins at the start of 2026.
  public VirtualTime() {
    this(Instant.parse("2026-01-01T00:00:00Z"));
  }

  /// Time that begins at `start`.
  public VirtualTime(Instant start) {
    this.start = start;
  }

  @Override
  public Instant instant() {
    lock.lock();
    try {
      return start.plusNanos(nanos).plus(skew);
    } finally {
      lock.unlock();
    }
  }

  /// Nanoseconds since the time began. Never goes back, whatever the skew.
  public long nanoTime() {
    lock.lock();
    try {
      return nanos;
    } finally {
      lock.unlock();
    }
  }

  /// A timer whose tasks run on the thread that moves the time.
  public ScheduledExecutorService newTimer() {
    return newTimer(Runnable::run);
  }

  /// A timer whose tasks run on `executor`. It can be shut down without touching the others.
  public ScheduledExecutorService newTimer(Executor executor) {
    return new VirtualTimer(this, executor);
  }

  /// Moves the wall clock alone, forward or back, as an operator or NTP does.
  public void skewBy(Duration by) {
    lock.lock();
    try {
      skew = skew.plus(by);
    } finally {
      lock.unlock();
    }
  }

  /// Moves the time forward, firing every timer due on the way, those set on the way included.
  public void advance(Duration by) {
    if (by.isNegative()) {
      throw new IllegalArgumentException("time goes forward: " + by);
    }
    long end = nanoTime() + by.toNanos();
    while (true) {
      VirtualTimer.Task<?> due = takeDue(end);
      if (due == null) {
        break;
      }
      due.fire();
    }
    moveTo(end);
  }

  /// Moves the time to the next timer and fires all that are due then.
  ///
  /// @return false, with nothing changed, if there is none
  public boolean jumpToNext() {
    Optional<Duration> wait = untilNext();
    wait.ifPresent(this::advance);
    return wait.isPresent();
  }

  /// How long it is until the next timer is due; nothing if there is none.
  public Optional<Duration> untilNext() {
    lock.lock();
    try {
      return Optional.ofNullable(queue.peek())
          .map(task -> Duration.ofNanos(Math.max(0, task.due() - nanos)));
    } finally {
      lock.unlock();
    }
  }

  /// How many timers are set.
  public int timers() {
    lock.lock();
    try {
      return queue.size();
    } finally {
      lock.unlock();
    }
  }

  private VirtualTimer.@Nullable Task<?> takeDue(long end) {
    lock.lock();
    try {
      VirtualTimer.Task<?> next = queue.peek();
      if (next == null || next.due() > end) {
        return null;
      }
      nanos = Math.max(nanos, next.due());
      return queue.poll();
    } finally {
      lock.unlock();
    }
  }

  private void moveTo(long end) {
    lock.lock();
    try {
      nanos = Math.max(nanos, end);
    } finally {
      lock.unlock();
    }
  }

  void add(VirtualTimer.Task<?> task) {
    lock.lock();
    try {
      queue.add(task);
    } finally {
      lock.unlock();
    }
  }

  void remove(VirtualTimer.Task<?> task) {
    lock.lock();
    try {
      queue.remove(task);
    } finally {
      lock.unlock();
    }
  }

  long nextSequence() {
    lock.lock();
    try {
      return ++lastSequence;
    } finally {
      lock.unlock();
    }
  }
}
