package skarb.node.oplog;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import skarb.node.index.Catalog;
import skarb.node.model.EntryDot;
import skarb.node.model.NodeException;
import skarb.node.model.Seams;
import skarb.v1.ErrorReason;

/// Where readers wait for the bytes of a version that are still on their way from another site, so
/// that no reader ever gets an empty or a cut body. Safe for any thread.
public final class BodyArrivals implements AutoCloseable {
  private final Catalog catalog;
  private final Seams seams;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  @GuardedBy("lock")
  private boolean closed;

  BodyArrivals(Catalog catalog, Seams seams) {
    this.catalog = catalog;
    this.seams = seams;
  }

  /// Returns once all bytes that an entry names are here, or nothing needs them any more; at once,
  /// mostly.
  ///
  /// @param patience how long to wait
  /// @param about what the caller asked for, for the error
  /// @return whether it had to wait
  /// @throws NodeException BODY_NOT_HERE
  public boolean await(EntryDot entry, Duration patience, Map<String, String> about) {
    if (!isWanted(entry)) {
      return false;
    }
    long deadline = seams.nanoTime().getAsLong() + patience.toNanos();
    ScheduledFuture<?> alarm =
        seams.timer().schedule(this::changed, patience.toNanos(), TimeUnit.NANOSECONDS);
    lock.lock();
    try {
      while (isWanted(entry)) {
        if (closed || seams.nanoTime().getAsLong() - deadline >= 0) {
          throw new NodeException(
              ErrorReason.ERROR_REASON_BODY_NOT_HERE,
              "the object's bytes have not come from its site yet",
              about);
        }
        changed.awaitUninterruptibly();
      }
      return true;
    } finally {
      lock.unlock();
      alarm.cancel(false);
    }
  }

  private boolean isWanted(EntryDot entry) {
    return catalog.everHadSecondSite() && catalog.isWanted(entry);
  }

  /// Lets all look again.
  void changed() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Whoever waits is refused.
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
