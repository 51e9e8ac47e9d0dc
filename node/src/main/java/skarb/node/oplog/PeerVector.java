package skarb.node.oplog;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import skarb.node.model.EntryDot;
import skarb.node.model.OriginId;

/// What a peer has logged, or will have once it has read what is on its way to it. Begun anew with
/// each stream. Safe for any thread.
final class PeerVector {
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final NavigableMap<OriginId, Long> components;

  PeerVector(VersionVector logged) {
    this.components = new TreeMap<>(logged.components());
  }

  /// Takes in that the peer has an entry, or is about to.
  ///
  /// @return false where that was known
  boolean add(EntryDot dot) {
    lock.lock();
    try {
      if (components.getOrDefault(dot.origin(), 0L) >= dot.sequence()) {
        return false;
      }
      components.put(dot.origin(), dot.sequence());
      return true;
    } finally {
      lock.unlock();
    }
  }
}
