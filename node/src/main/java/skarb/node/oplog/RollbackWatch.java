package skarb.node.oplog;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import skarb.node.model.EntryDot;
import skarb.node.model.SiteId;

/// Tells a site whose disk was put back from a hello that was late. A hello says what a site had
/// when it wrote it, and what that site did since may have come here before it by way of a third
/// one. So one hello proves nothing; but a hello is written anew for each stream, two sites have at
/// most two streams, and where [#HELLOS] in a row lack the same entry one of them was written after
/// the entry was known here.
///
/// Thread-safe. Holds one small record for each member of the realm at most.
final class RollbackWatch {
  /// How many hellos must lack an entry.
  static final int HELLOS = 3;

  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Map<SiteId, Suspicion> suspicions = new HashMap<>();

  private record Suspicion(EntryDot lacks, int hellos) {}

  /// A hello came that lacks nothing.
  void fits(SiteId site) {
    lock.lock();
    try {
      suspicions.remove(site);
    } finally {
      lock.unlock();
    }
  }

  /// A hello came that lacks an entry which its site had.
  ///
  /// @param theirs what the hello has
  /// @return whether that is certain by now
  boolean lacks(SiteId site, EntryDot entry, VersionVector theirs) {
    lock.lock();
    try {
      Suspicion before = suspicions.get(site);
      Suspicion now =
          before == null || theirs.covers(before.lacks())
              ? new Suspicion(entry, 1)
              : new Suspicion(before.lacks(), Math.min(HELLOS, before.hellos() + 1));
      suspicions.put(site, now);
      return now.hellos() == HELLOS;
    } finally {
      lock.unlock();
    }
  }
}
