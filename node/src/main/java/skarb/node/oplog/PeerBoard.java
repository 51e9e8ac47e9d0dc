package skarb.node.oplog;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import skarb.node.model.SiteId;

/// What is known of the exchanges with all other members. Safe for any thread.
final class PeerBoard {
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Map<SiteId, PeerProgress> sites = new HashMap<>();

  /// The one of a site that is, or was, a member: others have none, so that nobody can fill it.
  PeerProgress of(SiteId member) {
    lock.lock();
    try {
      return sites.computeIfAbsent(member, ignored -> new PeerProgress());
    } finally {
      lock.unlock();
    }
  }

  /// As things stand with a site.
  PeerProgress.Snapshot snapshot(SiteId site) {
    lock.lock();
    try {
      return Optional.ofNullable(sites.get(site))
          .map(PeerProgress::snapshot)
          .orElse(PeerProgress.NOTHING);
    } finally {
      lock.unlock();
    }
  }
}
