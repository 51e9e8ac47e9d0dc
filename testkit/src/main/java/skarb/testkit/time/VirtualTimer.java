package skarb.testkit.time;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The `ScheduledExecutorService` of [VirtualTime]. After `shutdown` delayed tasks still fire and
/// periodic ones do not, as with the JDK's.
final class VirtualTimer extends AbstractExecutorService implements ScheduledExecutorService {
  private final VirtualTime time;
  private final Executor executor;
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private final Set<Task<?>> waiting = new LinkedHashSet<>();
  private boolean shutdown;

  VirtualTimer(VirtualTime time, Executor executor) {
    this.time = time;
    this.executor = executor;
  }

  @Override
  public void execute(Runnable command) {
    lock.lock();
    try {
      requireRunning();
    } finally {
      lock.unlock();
    }
    executor.execute(command);
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
    return add(new Task<>(Executors.callable(command), unit.toNanos(delay), 0));
  }

  @Override
  public <V extends @Nullable Object> ScheduledFuture<V> schedule(
      Callable<V> callable, long delay, TimeUnit unit) {
    return add(new Task<>(callable, unit.toNanos(delay), 0));
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable command, long initialDelay, long period, TimeUnit unit) {
    return addPeriodic(command, unit.toNanos(initialDelay), unit.toNanos(period));
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable command, long initialDelay, long delay, TimeUnit unit) {
    return addPeriodic(command, unit.toNanos(initialDelay), -unit.toNanos(delay));
  }

  private ScheduledFuture<?> addPeriodic(Runnable command, long delayNanos, long periodNanos) {
    if (periodNanos == 0) {
      throw new IllegalArgumentException("no period");
    }
    return add(new Task<>(Executors.callable(command), delayNanos, periodNanos));
  }

  private <V extends @Nullable Object> Task<V> add(Task<V> task) {
    lock.lock();
    try {
      requireRunning();
      waiting.add(task);
      time.add(task);
      return task;
    } finally {
      lock.unlock();
    }
  }

  private void requireRunning() {
    if (shutdown) {
      throw new RejectedExecutionException("the timer is shut down");
    }
  }

  @Override
  public void shutdown() {
    drop(false);
  }

  @Override
  public List<Runnable> shutdownNow() {
    return drop(true);
  }

  private List<Runnable> drop(boolean all) {
    List<Task<?>> dropped = new ArrayList<>();
    lock.lock();
    try {
      shutdown = true;
      for (Task<?> task : List.copyOf(waiting)) {
        if (all || task.isPeriodic()) {
          waiting.remove(task);
          dropped.add(task);
        }
      }
    } finally {
      lock.unlock();
    }
    for (Task<?> task : dropped) {
      time.remove(task);
      if (!all) {
        task.cancel(false);
      }
    }
    return List.copyOf(dropped);
  }

  @Override
  public boolean isShutdown() {
    lock.lock();
    try {
      return shutdown;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean isTerminated() {
    lock.lock();
    try {
      return shutdown && waiting.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /// Tells at once whether all is done: no time passes by waiting.
  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return isTerminated();
  }

  /// Shuts down; what is still due will fire when its time comes.
  @Override
  public void close() {
    shutdown();
  }

  /// One timer: due once, or again and again.
  final class Task<V extends @Nullable Object> extends FutureTask<V>
      implements RunnableScheduledFuture<V> {
    private final long sequence = time.nextSequence();
    private final AtomicBoolean running = new AtomicBoolean();

    /// Positive: from due time to due time. Negative: from end to start. Zero: once.
    private final long periodNanos;

    private volatile long due;

    Task(Callable<V> callable, long delayNanos, long periodNanos) {
      super(callable);
      this.periodNanos = periodNanos;
      this.due = after(delayNanos);
    }

    private static long saturated(long sum) {
      return sum < 0 ? Long.MAX_VALUE : sum;
    }

    private long after(long delayNanos) {
      return saturated(time.nanoTime() + Math.max(0, delayNanos));
    }

    long due() {
      return due;
    }

    /// Hands itself to the timer's executor.
    void fire() {
      executor.execute(this);
    }

    @Override
    public void run() {
      if (!running.compareAndSet(false, true)) {
        return;
      }
      try {
        if (!isPeriodic()) {
          forget();
          super.run();
        } else if (super.runAndReset()) {
          again();
        } else {
          forget();
        }
      } finally {
        running.set(false);
      }
    }

    private void again() {
      lock.lock();
      try {
        if (waiting.contains(this)) {
          due = periodNanos > 0 ? saturated(due + periodNanos) : after(-periodNanos);
          time.add(this);
        }
      } finally {
        lock.unlock();
      }
    }

    private void forget() {
      lock.lock();
      try {
        waiting.remove(this);
      } finally {
        lock.unlock();
      }
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
      boolean cancelled = super.cancel(mayInterruptIfRunning);
      time.remove(this);
      forget();
      return cancelled;
    }

    @Override
    public boolean isPeriodic() {
      return periodNanos != 0;
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return unit.convert(due - time.nanoTime(), TimeUnit.NANOSECONDS);
    }

    @Override
    public int compareTo(Delayed other) {
      Task<?> that = (Task<?>) Objects.requireNonNull(other);
      int byTime = Long.compare(due, that.due);
      return byTime != 0 ? byTime : Long.compare(sequence, that.sequence);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return this == other;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(sequence);
    }
  }
}
