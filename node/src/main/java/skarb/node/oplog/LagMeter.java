package skarb.node.oplog;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongFunction;
import skarb.node.index.Bodies;
import skarb.node.index.LoggedEntry;
import skarb.node.model.EntryDot;
import skarb.node.model.Hlc;
import skarb.node.model.OriginId;
import skarb.node.model.SiteId;
import skarb.v1.Manifest;

/// Measures how far this site and others are from each other, by what the others told last.
///
/// Entries are the difference of the two vectors of what is logged: exact, and it costs nothing. Of
/// the entries that the other lacks, bytes and age are read from the journal, from the place up to
/// which it acknowledged, and up to a bound. The age of what is lacking here is not known, as it
/// has not come; but the other sends its journal in order, so it is younger than the last entry
/// that came, and younger than the last moment at which all that the other told of was here.
final class LagMeter {
  private static final int MOST_ENTRIES = 50_000;
  private static final int MOST_BATCHES = 50_000;
  private static final long MILLIS_PER_SECOND = 1000;

  /// A site tells how far it is every second: what it told before this is no longer news.
  private static final Duration NEWS = Duration.ofSeconds(5);

  private final InstantSource clock;
  private final LongFunction<JournalTail> journal;

  /// @param journal the journal from a batch on
  LagMeter(InstantSource clock, LongFunction<JournalTail> journal) {
    this.clock = clock;
    this.journal = journal;
  }

  /// @param ours how far this site is now
  /// @return empty where the other has not told how far it is since this node started
  Optional<PeerLag> measure(SiteId site, Backlog ours, PeerProgress.Snapshot peer) {
    return peer.told().map(told -> measure(site, ours, peer, told));
  }

  private PeerLag measure(
      SiteId site, Backlog ours, PeerProgress.Snapshot peer, PeerProgress.Told told) {
    long toSend = lacking(told.logged(), ours.logged());
    long toReceive = lacking(ours.logged(), told.logged());
    Unsent unsent =
        toSend == 0 ? new Unsent(0, 0, Hlc.ZERO) : read(peer.ackedBatch() + 1, told, toSend);
    long now = clock.millis();
    Age age = new Age(now);
    if (toSend > 0) {
      age.lacking(unsent.entries() == 0 ? OptionalLong.empty() : millis(unsent.oldest()));
    }
    if (toReceive > 0) {
      age.lacking(latest(peer.lastReceived().millis(), peer.hadAllMillis()));
    }
    if (ours.wantedBodies() > 0) {
      age.lacking(millis(ours.wantedSince()));
    }
    if (told.wantedBytes() > 0) {
      age.lacking(millis(told.wantedSince()));
    }
    if (now - told.atMillis() > NEWS.toMillis()) {
      age.lacking(OptionalLong.of(told.atMillis()));
    }
    return new PeerLag(
        toSend,
        toReceive,
        told.wantedBytes() + unsent.bytes(),
        ours.wantedBytes(),
        told.wantedMore() || ours.wantedMore() || unsent.entries() < toSend,
        age.seconds(),
        ours.pendingBySite().getOrDefault(site, 0L) + told.pending());
  }

  /// How many entries of one vector another does not cover.
  private static long lacking(VersionVector who, VersionVector what) {
    long entries = 0;
    for (Map.Entry<OriginId, Long> each : what.components().entrySet()) {
      entries += Math.max(0, each.getValue() - who.components().getOrDefault(each.getKey(), 0L));
    }
    return entries;
  }

  private static OptionalLong millis(Hlc stamp) {
    return stamp.equals(Hlc.ZERO) ? OptionalLong.empty() : OptionalLong.of(stamp.millis());
  }

  private static OptionalLong latest(long one, long other) {
    long latest = Math.max(one, other);
    return latest == 0 ? OptionalLong.empty() : OptionalLong.of(latest);
  }

  /// What of the journal the other lacks.
  ///
  /// @param entries how many were found
  /// @param bytes of them and of their bodies
  /// @param oldest the lowest stamp among them
  private record Unsent(long entries, long bytes, Hlc oldest) {}

  private Unsent read(long fromBatch, PeerProgress.Told told, long toSend) {
    JournalTail tail = journal.apply(fromBatch);
    long entries = 0;
    long bytes = 0;
    long passed = 0;
    Hlc oldest = Hlc.ZERO;
    for (int batches = 0; batches < MOST_BATCHES && passed < MOST_ENTRIES; batches++) {
      JournalTail.Batch batch = entries == toSend ? null : tail.poll();
      if (batch == null) {
        break;
      }
      for (LoggedEntry entry : batch.entries()) {
        passed++;
        EntryDot dot = entry.dot();
        if (entries < toSend && !told.logged().covers(dot)) {
          Hlc stamp = entry.order().hlc();
          oldest = entries == 0 || stamp.compareTo(oldest) < 0 ? stamp : oldest;
          entries++;
          bytes += entry.bytes().size() + bodies(entry);
        }
      }
    }
    return new Unsent(entries, bytes, oldest);
  }

  private static long bodies(LoggedEntry entry) {
    return Bodies.of(entry.entry()).getManifestsList().stream().mapToLong(Manifest::getSize).sum();
  }

  /// The greatest age of several things, where all of them are known.
  private static final class Age {
    private final long now;
    private long millis;
    private boolean known = true;

    Age(long now) {
      this.now = now;
    }

    /// Something is lacking; its age is at least a moment, whatever the clocks say.
    ///
    /// @param since empty where nobody knows
    void lacking(OptionalLong since) {
      known &= since.isPresent();
      millis = Math.max(millis, Math.max(1, now - since.orElse(now)));
    }

    OptionalLong seconds() {
      return known
          ? OptionalLong.of((millis + MILLIS_PER_SECOND - 1) / MILLIS_PER_SECOND)
          : OptionalLong.empty();
    }
  }
}
