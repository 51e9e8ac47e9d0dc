package skarb.node.oplog;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import skarb.node.model.SiteId;
import skarb.v1.SiteVector;
import skarb.v1.SyncVectors;

/// How far each member is known to be: its joined vector. It only grows, and is learnt anew after
/// each start: to know too little only delays what waits for everybody. Safe for any thread.
public final class Matrix {
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final NavigableMap<SiteId, VersionVector> sites =
      new TreeMap<>((one, other) -> Integer.compareUnsigned(one.value(), other.value()));

  /// Takes in what is known of a site.
  ///
  /// @return whether that is news
  public boolean learn(SiteId site, VersionVector joined) {
    lock.lock();
    try {
      VersionVector known = sites.getOrDefault(site, VersionVector.EMPTY);
      if (known.coversAll(joined)) {
        return false;
      }
      sites.put(site, known.with(joined));
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// What is known of a site.
  public VersionVector of(SiteId site) {
    lock.lock();
    try {
      return sites.getOrDefault(site, VersionVector.EMPTY);
    } finally {
      lock.unlock();
    }
  }

  /// All of it, to pass on.
  public SyncVectors toProto() {
    lock.lock();
    try {
      SyncVectors.Builder vectors = SyncVectors.newBuilder();
      sites.forEach((site, joined) ->
          vectors.addSites(
              SiteVector.newBuilder().setSite(site.value()).setJoined(joined.toProto())));
      return vectors.build();
    } finally {
      lock.unlock();
    }
  }
}
