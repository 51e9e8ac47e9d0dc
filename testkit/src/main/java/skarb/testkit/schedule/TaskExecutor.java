package skarb.testkit.schedule;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import skarb.testkit.time.VirtualTime;

/// A thread for each task. The JDK's own keeps its threads in a set ordered by their ids, which are
/// not the same in two runs, and waits for its end in real time.
final class TaskExecutor extends AbstractExecutorService {
  private final ThreadFactory threads;
  private final VirtualTime time;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by the lock.
  private final Set<Thread> running = new LinkedHashSet<>();
  private boolean shutdown;

  TaskExecutor(ThreadFactory threads, VirtualTime time) {
    this.threads = threads;
    this.time = time;
  }

  @Override
  public void execute(Runnable command) {
    Thread thread = threads.newThread(() -> runAndForget(command));
    lock.lock();
    try {
      if (shutdown) {
        throw new RejectedExecutionException("the executor is shut down");
      }
      running.add(thread);
    } finally {
      lock.unlock();
    }
    thread.start();
  }

  private void runAndForget(Runnable command) {
    try {
      command.run();
    } finally {
      lock.lock();
      try {
        running.remove(Thread.currentThread());
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  @Override
  public void shutdown() {
    lock.lock();
    try {
      shutdown = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<Runnable> shutdownNow() {
    lock.lock();
    try {
      shutdown();
      running.forEach(Thread::interrupt);
      return List.of();
    } finally {
      lock.unlock();
    }
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
      return shutdown && running.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /// Waits in virtual time.
  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    long end = time.nanoTime() + Math.min(unit.toNanos(timeout), Duration.ofDays(36_500).toNanos());
    try (ScheduledExecutorService timer = time.newTimer(this::wakeUp)) {
      Future<?> alarm = timer.schedule(() -> {}, end - time.nanoTime(), TimeUnit.NANOSECONDS);
      lock.lock();
      try {
        while (!isTerminated() && time.nanoTime() < end) {
          changed.await();
        }
        return isTerminated();
      } finally {
        lock.unlock();
        alarm.cancel(false);
      }
    }
  }

  private void wakeUp(Runnable alarm) {
    alarm.run();
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
