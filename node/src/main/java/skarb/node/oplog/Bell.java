package skarb.node.oplog;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Lets one thread wait until something has rung since it last looked, or the time is over. What
/// rings between a look and the wait leaves its mark. Safe for any thread.
final class Bell implements Runnable {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  @GuardedBy("lock")
  private boolean rung;

  @GuardedBy("lock")
  private boolean expired;

  /// Rings.
  @Override
  public void run() {
    lock.lock();
    try {
      rung = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// The time is over.
  void expire() {
    lock.lock();
    try {
      expired = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Waits.
  ///
  /// @return false when the time is over
  boolean await() {
    lock.lock();
    try {
      while (!rung && !expired) {
        changed.awaitUninterruptibly();
      }
      rung = false;
      return !expired;
    } finally {
      lock.unlock();
    }
  }
}
