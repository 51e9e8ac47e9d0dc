package skarb.node.oplog;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import skarb.node.model.Hlc;
import skarb.v1.SiteProgress;

/// What is known of the exchange with one other site since this node started, whoever dialled. Safe
/// for any thread.
public final class PeerProgress {
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private int streams;

  @GuardedBy("lock")
  private @Nullable Told told;

  @GuardedBy("lock")
  private long lastContactMillis;

  @GuardedBy("lock")
  private String lastError = "";

  @GuardedBy("lock")
  private boolean refused;

  @GuardedBy("lock")
  private long ackedBatch;

  @GuardedBy("lock")
  private Hlc lastReceived = Hlc.ZERO;

  @GuardedBy("lock")
  private long hadAllMillis;

  @GuardedBy("lock")
  private long entriesSent;

  @GuardedBy("lock")
  private long entriesReceived;

  /// What the other site told of itself.
  ///
  /// @param logged what it had logged
  /// @param wantedBytes bytes that it waited for
  /// @param wantedMore whether it waited for more
  /// @param wantedSince the lowest stamp of an entry whose bytes it waited for; zero for none
  /// @param pending entries that could not act there
  /// @param atMillis when it was told
  public record Told(
      VersionVector logged,
      long wantedBytes,
      boolean wantedMore,
      Hlc wantedSince,
      long pending,
      long atMillis) {}

  /// All of it at one moment. Times are Unix milliseconds, 0 for never.
  ///
  /// @param streams how many streams are open
  /// @param told what the other told last; empty where it did not yet
  /// @param lastContactMillis when it was last heard
  /// @param lastError why the last stream ended that did not end well; empty for none
  /// @param refused whether that was a refusal, and nothing was open since
  /// @param ackedBatch up to which batch of this site's journal it has logged all; 0: not known
  /// @param lastReceived the stamp of the last entry that it sent; zero for none
  /// @param hadAllMillis when all that it had told was last logged here
  /// @param entriesSent entries sent to it
  /// @param entriesReceived entries that it sent
  public record Snapshot(
      int streams,
      Optional<Told> told,
      long lastContactMillis,
      String lastError,
      boolean refused,
      long ackedBatch,
      Hlc lastReceived,
      long hadAllMillis,
      long entriesSent,
      long entriesReceived) {}

  /// Nothing is known.
  static final Snapshot NOTHING =
      new Snapshot(0, Optional.empty(), 0, "", false, 0, Hlc.ZERO, 0, 0, 0);

  /// As things stand.
  Snapshot snapshot() {
    lock.lock();
    try {
      return new Snapshot(
          streams,
          Optional.ofNullable(told),
          lastContactMillis,
          lastError,
          refused,
          ackedBatch,
          lastReceived,
          hadAllMillis,
          entriesSent,
          entriesReceived);
    } finally {
      lock.unlock();
    }
  }

  /// A stream was opened, and both sides greeted.
  ///
  /// @param resume up to which batch of this site's journal the other has logged all, by its word
  void opened(long resume, long nowMillis) {
    lock.lock();
    try {
      streams++;
      refused = false;
      ackedBatch = Math.max(ackedBatch, resume);
      lastContactMillis = nowMillis;
    } finally {
      lock.unlock();
    }
  }

  /// A stream that was opened has ended.
  void closed() {
    lock.lock();
    try {
      streams--;
    } finally {
      lock.unlock();
    }
  }

  /// A stream failed.
  void failed(String why, boolean isRefusal) {
    lock.lock();
    try {
      lastError = why;
      refused = isRefusal;
    } finally {
      lock.unlock();
    }
  }

  void heard(long nowMillis) {
    lock.lock();
    try {
      lastContactMillis = nowMillis;
    } finally {
      lock.unlock();
    }
  }

  /// @param ours what is logged here
  void told(SiteProgress progress, VersionVector ours, long nowMillis) {
    VersionVector logged = VersionVector.of(progress.getLogged());
    lock.lock();
    try {
      told =
          new Told(
              logged,
              progress.getWantedBytes(),
              progress.getWantedMore(),
              new Hlc(progress.getWantedSince()),
              progress.getPending(),
              nowMillis);
      if (ours.coversAll(logged)) {
        hadAllMillis = nowMillis;
      }
    } finally {
      lock.unlock();
    }
  }

  void acked(long batch) {
    lock.lock();
    try {
      ackedBatch = Math.max(ackedBatch, batch);
    } finally {
      lock.unlock();
    }
  }

  void received(int entries, Hlc last) {
    lock.lock();
    try {
      entriesReceived += entries;
      lastReceived = last;
    } finally {
      lock.unlock();
    }
  }

  void sent(int entries) {
    lock.lock();
    try {
      entriesSent += entries;
    } finally {
      lock.unlock();
    }
  }
}
