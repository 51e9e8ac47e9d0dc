package skarb.node.oplog;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import skarb.node.commit.Committed;
import skarb.node.commit.DisklessSite;
import skarb.node.commit.Mutation;
import skarb.node.index.BucketRow;
import skarb.node.index.LoggedEntry;
import skarb.node.index.ObjectVersion;
import skarb.node.model.BucketName;
import skarb.node.model.EntryDot;
import skarb.node.model.EntryOrder;
import skarb.node.model.ObjectKey;
import skarb.node.model.OriginId;
import skarb.node.model.SiteId;
import skarb.node.model.VersionId;
import skarb.v1.ConflictResolution;
import skarb.v1.Dot;
import skarb.v1.Effect;
import skarb.v1.MemberValue;

/// Some sites without disks whose entries, and what they know of one another, are carried by hand;
/// and a ledger of all that they answered.
final class ScenarioWorld {
  static final String ANN = "ann";
  static final String B = "bucket";

  final List<Peer> peers = new ArrayList<>();
  private final List<Write> writes = new ArrayList<>();
  private final Set<EntryDot> settled = new HashSet<>();

  /// @param sites how many, all members
  ScenarioWorld(int sites) {
    for (int i = 0; i < sites; i++) {
      peers.add(new Peer(i + 1));
    }
    peers.forEach(each -> peers.getFirst().setMember(each, false));
    syncAll();
  }

  /// A site that is not a member yet.
  Peer add() {
    Peer peer = new Peer(peers.size() + 1);
    peers.add(peer);
    return peer;
  }

  /// A write of an object as its site answered it.
  ///
  /// @param seen what its writer had seen
  private record Write(
      EntryDot dot,
      EntryOrder order,
      EntryDot bucket,
      ByteString key,
      boolean body,
      boolean version,
      Map<OriginId, Long> seen,
      List<EntryDot> reduced,
      List<EntryDot> replaces) {
    boolean saw(EntryDot other) {
      if (other.origin().equals(dot.origin())) {
        return other.sequence() < dot.sequence();
      }
      return seen.getOrDefault(other.origin(), 0L) >= other.sequence()
          && reduced.stream()
              .noneMatch(each ->
                  each.origin().equals(other.origin()) && each.sequence() <= other.sequence());
    }
  }

  /// A site, with what it knows of the others.
  final class Peer {
    final int id;
    final Matrix matrix = new Matrix();
    DisklessSite site;
    private TombstoneCollector collector;

    Peer(int id) {
      this.id = id;
      site = new DisklessSite(id);
      collector = collector();
    }

    private TombstoneCollector collector() {
      return new TombstoneCollector(
          new SiteId(id), site.catalog(), matrix, drop -> site.done(drop));
    }

    void restart(DisklessSite anew) {
      site = anew;
      collector = collector();
    }

    void setMember(Peer other, boolean left) {
      MemberValue member = DisklessSite.member("site" + other.id).toBuilder().setLeft(left).build();
      Committed _ = site.done(new Mutation.SetMember(new SiteId(other.id), member));
    }

    /// One step of dropping what all have seen are gone.
    void collect() {
      matrix.learn(new SiteId(id), Vectors.joined(site.catalog()));
      collector.step();
    }

    EntryDot put(String key, String content) {
      return put(B, key, content);
    }

    EntryDot put(String bucket, String key, String content) {
      EntryDot dot = site.put(ANN, bucket, key, content).dot();
      ledger(dot);
      return dot;
    }

    void delete(String key) {
      site.delete(ANN, B, key).ifPresent(written -> ledger(written.dot()));
    }

    void delete(String key, VersionId version) {
      site.delete(ANN, B, key, Optional.of(version)).ifPresent(written -> ledger(written.dot()));
    }

    /// Settles the only conflict of a key.
    void settle(String key) {
      ObjectVersion kept = conflicts(key).getFirst();
      settled.add(kept.dot());
      Committed _ =
          site.done(
              new Mutation.ResolveConflict(
                  ANN,
                  new BucketName(B),
                  ObjectKey.of(key),
                  kept.id(),
                  ConflictResolution.CONFLICT_RESOLUTION_DECIDED));
    }

    EntryDot bucket() {
      return site.catalog().bucket(B).map(BucketRow::incarnation).orElseThrow();
    }

    boolean hasNullRow(EntryDot bucket, String key) {
      return site.catalog().nullVersionOrder(bucket, ByteString.copyFromUtf8(key)).isPresent();
    }

    Optional<ObjectVersion> current(String key) {
      return site.catalog().current(bucket(), ByteString.copyFromUtf8(key));
    }

    List<ObjectVersion> conflicts(String key) {
      ByteString bytes = ByteString.copyFromUtf8(key);
      List<ObjectVersion> found = new ArrayList<>();
      for (Write write : writes) {
        if (write.key().equals(bytes)) {
          site.catalog().conflict(write.bucket(), bytes, write.order()).ifPresent(found::add);
        }
      }
      return found;
    }

    LoggedEntry entry(EntryDot dot) {
      return site.entries().stream()
          .filter(each -> each.dot().equals(dot))
          .findFirst()
          .orElseThrow();
    }

    private void ledger(EntryDot dot) {
      LoggedEntry entry = entry(dot);
      NavigableMap<OriginId, Long> seen = new TreeMap<>(site.catalog().seen(dot.origin()));
      Effect effect = entry.entry().getEffects(0);
      Dot bucket =
          effect.hasNullSet()
              ? effect.getNullSet().getBucket()
              : effect.hasVersionSet()
                  ? effect.getVersionSet().getBucket()
                  : effect.getVersionRemoved().getBucket();
      ByteString key =
          effect.hasNullSet()
              ? effect.getNullSet().getKey()
              : effect.hasVersionSet()
                  ? effect.getVersionSet().getKey()
                  : effect.getVersionRemoved().getKey();
      List<EntryDot> replaces = new ArrayList<>(dots(entry.entry().getHeader().getReplacesList()));
      if (effect.hasVersionRemoved()) {
        replaces.add(EntryDot.of(effect.getVersionRemoved().getRemoved()));
      }
      writes.add(
          new Write(
              dot,
              entry.order(),
              EntryDot.of(bucket),
              key,
              effect.getNullSet().getValue().hasBody() || effect.hasVersionSet(),
              effect.hasVersionSet(),
              seen,
              dots(entry.entry().getHeader().getSeen().getReducedList()),
              replaces));
    }
  }

  private static List<EntryDot> dots(List<Dot> dots) {
    return dots.stream().map(EntryDot::of).toList();
  }

  void advance(long millis) {
    peers.forEach(each -> each.site.advance(millis));
  }

  /// One way, entries alone.
  void stream(Peer from, Peer to) {
    to.site.take(from.site);
  }

  /// One way, what is known of how far all are.
  void gossip(Peer from, Peer to) {
    from.matrix.learn(new SiteId(from.id), Vectors.joined(from.site.catalog()));
    from.matrix
        .toProto()
        .getSitesList()
        .forEach(each ->
            to.matrix.learn(new SiteId(each.getSite()), VersionVector.of(each.getJoined())));
  }

  /// Both ways, all.
  void sync(Peer one, Peer other) {
    stream(one, other);
    gossip(one, other);
    stream(other, one);
    gossip(other, one);
  }

  void syncAll() {
    for (int round = 0; round < 2; round++) {
      for (Peer one : peers) {
        for (Peer other : peers) {
          if (one.id < other.id) {
            sync(one, other);
          }
        }
      }
    }
  }

  /// Sets all clocks right, lets all exchange until nothing is new, and holds the sites against the
  /// ledger.
  void healAndCheck() {
    long latest = 0;
    for (Peer each : peers) {
      latest = Math.max(latest, each.site.millis());
      latest = Math.max(latest, each.site.catalog().highestStamp().millis());
    }
    for (Peer each : peers) {
      each.site.setMillis(latest + 1);
    }
    for (int round = 0; round < 8; round++) {
      syncAll();
      peers.forEach(each -> each.site.release());
      peers.forEach(Peer::collect);
    }
    check();
  }

  private void check() {
    Peer first = peers.getFirst();
    for (Peer each : peers) {
      assertThat(each.site.catalog().pending(null, 1)).isEmpty();
      assertThat(each.site.catalog().liveDigest())
          .as("site %d agrees with site 1", each.id)
          .isEqualTo(first.site.catalog().liveDigest());
      for (Write write : writes) {
        assertThat(!write.body() || isKeptOrSuperseded(each, write))
            .as("at site %d: %s is neither current nor kept nor superseded", each.id, write)
            .isTrue();
        for (EntryDot gone : write.replaces()) {
          assertThat(shows(each, write, gone))
              .as("at site %d: %s that %s replaced is back", each.id, gone, write)
              .isFalse();
        }
      }
    }
  }

  private boolean isKeptOrSuperseded(Peer peer, Write write) {
    return settled.contains(write.dot())
        || shows(peer, write, write.dot())
        || writes.stream()
            .anyMatch(other ->
                !other.dot().equals(write.dot())
                    && other.bucket().equals(write.bucket())
                    && other.key().equals(write.key())
                    && (write.version()
                        ? other.replaces().contains(write.dot())
                        : !other.version() && other.saw(write.dot())));
  }

  /// Whether an entry's body can be read under a write's key.
  private boolean shows(Peer peer, Write write, EntryDot dot) {
    boolean[] shown = {false};
    peer.site
        .catalog()
        .liveRows((key, row) -> {
          boolean is = EntryDot.of(row.getDot()).equals(dot);
          shown[0] |= is && (row.getNull().hasBody() || row.hasVersion());
          shown[0] |=
              row.hasConflict()
                  && EntryDot.of(row.getConflict().getLoserDot()).equals(dot)
                  && row.getConflict().getKey().equals(write.key());
        });
    return shown[0];
  }
}
