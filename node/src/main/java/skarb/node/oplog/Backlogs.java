package skarb.node.oplog;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import skarb.node.index.Catalog;

/// The backlog of this site for all who tell it to others: read anew where the last one is old, and
/// never for more than a twentieth of the time. Safe for any thread.
final class Backlogs {
  private static final Duration FRESH = Duration.ofMillis(100);
  private static final int SHARE = 20;

  private final Catalog catalog;
  private final LongSupplier nanoTime;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private @Nullable Backlog last;

  /// Up to when the last one will do.
  @GuardedBy("lock")
  private long goodUntil;

  Backlogs(Catalog catalog, LongSupplier nanoTime) {
    this.catalog = catalog;
    this.nanoTime = nanoTime;
  }

  /// One that is not old.
  Backlog recent() {
    lock.lock();
    try {
      long begun = nanoTime.getAsLong();
      Backlog known = last;
      if (known != null && goodUntil - begun > 0) {
        return known;
      }
      Backlog read = Backlog.read(catalog);
      long ended = nanoTime.getAsLong();
      last = read;
      goodUntil = ended + Math.max(FRESH.toNanos(), SHARE * (ended - begun));
      return read;
    } finally {
      lock.unlock();
    }
  }

  /// One that is read now.
  Backlog now() {
    return Backlog.read(catalog);
  }
}
