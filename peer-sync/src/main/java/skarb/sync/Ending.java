package skarb.sync;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Where the thread of a loop waits for what others bring about: that something has ended, and why.
/// The first reason stays. Safe for any thread.
public final class Ending {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  @GuardedBy("lock")
  private @Nullable Reason reason;

  /// Why something ended.
  ///
  /// @param text for people
  /// @param refused whether trying again soon is of no use
  public record Reason(String text, boolean refused) {}

  /// It has ended.
  ///
  /// @param why for people
  public void end(String why) {
    end(new Reason(why, false));
  }

  /// It has ended since a call failed.
  ///
  /// @param who whose call
  public void fail(String who, Throwable thrown) {
    // What follows the first line is of use to those who know the transport's inside.
    String text = String.valueOf(thrown.getMessage()).lines().findFirst().orElse("");
    end(new Reason(who + ": " + text, Refusals.isRefusal(thrown)));
  }

  private void end(Reason why) {
    lock.lock();
    try {
      if (reason == null) {
        reason = why;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Waits until it has.
  ///
  /// @return why
  public Reason await() {
    lock.lock();
    try {
      Reason known = reason;
      while (known == null) {
        changed.awaitUninterruptibly();
        known = reason;
      }
      return known;
    } finally {
      lock.unlock();
    }
  }

  /// Whether it has.
  public boolean isEnded() {
    lock.lock();
    try {
      return reason != null;
    } finally {
      lock.unlock();
    }
  }
}
