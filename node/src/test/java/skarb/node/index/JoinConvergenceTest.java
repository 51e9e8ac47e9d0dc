package skarb.node.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import skarb.node.model.EntryDot;
import skarb.node.model.EntryOrder;
import skarb.node.model.Hlc;
import skarb.node.model.OriginId;
import skarb.v1.Effect;

/// The state is a join: whatever the order, the grouping and the repetitions in which entries came,
/// the same set of them gives the same rows. Only each origin's own sequence is kept, and that an
/// entry comes after what it had seen.
class JoinConvergenceTest {
  private static final int ORIGINS = 4;
  private static final String[] KEYS = {"a", "b", "a/b", "a\0"};

  @Test
  void theSameEntriesGiveTheSameRowsHoweverTheyCame() {
    SplittableRandom random = Seed.random("theSameEntriesGiveTheSameRowsHoweverTheyCame");
    converge(random, false);
  }

  @Test
  void theSameEntriesGiveTheSameRowsInARealmOfSeveralSites() {
    SplittableRandom random = Seed.random("theSameEntriesGiveTheSameRowsInARealmOfSeveralSites");
    converge(random, true);
  }

  private static void converge(SplittableRandom random, boolean realm) {
    for (int history = 0; history < 150; history++) {
      List<Written> written = write(random);
      List<String> expected = null;
      StateDigest digest = null;
      for (int delivery = 0; delivery < 6; delivery++) {
        MemoryIndex index = deliver(random, written, realm);
        if (expected == null) {
          expected = dump(index);
          digest = new Catalog(index).liveDigest();
        }
        assertThat(dump(index)).isEqualTo(expected);
        assertThat(new Catalog(index).liveDigest()).isEqualTo(digest);
        assertThat(index.rowCount()).isEqualTo(expected.size());
        assertDerivedRowsFollow(index, realm);
      }
    }
  }

  /// An entry, and how much of every origin must be there before it.
  private record Written(LoggedEntry entry, Map<OriginId, Long> after) {}

  /// What several sites write, each having seen a random part of what the others did.
  private static List<Written> write(SplittableRandom random) {
    List<Entries> writers = new ArrayList<>();
    List<Map<OriginId, Long>> seen = new ArrayList<>();
    for (int i = 0; i < ORIGINS; i++) {
      writers.add(new Entries(random.nextLong()));
      seen.add(new HashMap<>());
    }
    List<Written> written = new ArrayList<>();
    List<EntryDot> buckets = new ArrayList<>();
    List<EntryOrder> versions = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      int who = random.nextInt(ORIGINS);
      Entries writer = writers.get(who);
      if (!written.isEmpty() && random.nextInt(3) == 0) {
        seeMore(writer, seen.get(who), written.get(random.nextInt(written.size())));
      }
      if (random.nextInt(4) == 0) {
        writer.atLeast(random.nextInt(200)); // stamps of the sites collide and overtake
      }
      Effect[] effects = new Effect[1 + random.nextInt(3)];
      for (int j = 0; j < effects.length; j++) {
        effects[j] = effect(random, buckets, versions, j == 0);
      }
      Map<OriginId, Long> after = new HashMap<>(seen.get(who));
      LoggedEntry entry = writer.next(after, effects);
      if (effects[0].hasBucketCreated()) {
        buckets.add(entry.dot());
      }
      versions.add(entry.order());
      written.add(new Written(entry, after));
    }
    return written;
  }

  private static void seeMore(Entries writer, Map<OriginId, Long> seen, Written other) {
    seen.merge(other.entry.dot().origin(), other.entry.dot().sequence(), Math::max);
    other.after.forEach((origin, sequence) -> seen.merge(origin, sequence, Math::max));
    seen.remove(writer.origin());
  }

  private static Effect effect(
      SplittableRandom random, List<EntryDot> buckets, List<EntryOrder> versions, boolean first) {
    int kind = buckets.isEmpty() ? 0 : random.nextInt(11);
    if (kind == 0 || versions.isEmpty()) {
      return first
          ? Entries.bucketCreated("bucket" + random.nextInt(2), "owner" + random.nextInt(2))
          : Entries.user("u" + random.nextInt(2), "name" + random.nextInt());
    }
    EntryDot bucket = buckets.get(random.nextInt(buckets.size()));
    String key = KEYS[random.nextInt(KEYS.length)];
    EntryOrder version = versions.get(random.nextInt(versions.size()));
    return switch (kind) {
      case 1 -> Entries.bucketDeleted(bucket);
      case 2 -> Entries.nullBody(bucket, key, random.nextInt(1000));
      case 3 -> Entries.nullAbsent(bucket, key);
      case 4 -> Entries.nullMarker(bucket, key);
      case 5 -> Entries.version(bucket, key, version, random.nextInt(1000));
      case 6 -> Entries.versionMarker(bucket, key, version);
      case 7 ->
          Entries.versionRemoved(
              bucket, key, version, new EntryDot(version.origin(), 1 + random.nextInt(5)));
      case 8 -> Entries.setting(bucket, random.nextInt(4));
      case 9 -> Entries.accessKey("k" + random.nextInt(2), "u0", random.nextBoolean());
      default -> Entries.accessKeyDeleted("k" + random.nextInt(2));
    };
  }

  /// In a random order that keeps what came before what, in batches of random size, some twice.
  private static MemoryIndex deliver(
      SplittableRandom random, List<Written> written, boolean realm) {
    MemoryIndex index = new MemoryIndex();
    if (realm) {
      RowChanges first = new RowChanges(index);
      Join.join(first, new Entries(1).next(Entries.member(1, "a")));
      index.apply(1, first);
    }
    List<Written> waiting = new ArrayList<>(written);
    List<LoggedEntry> delivered = new ArrayList<>();
    Map<OriginId, Long> logged = new HashMap<>();
    while (!waiting.isEmpty()) {
      RowChanges batch = new RowChanges(index);
      int size = 1 + random.nextInt(8);
      for (int i = 0; i < size && !waiting.isEmpty(); i++) {
        List<Written> ready = waiting.stream().filter(next -> isReady(next, logged)).toList();
        Written next = ready.get(random.nextInt(ready.size()));
        waiting.remove(next);
        logged.put(next.entry.dot().origin(), next.entry.dot().sequence());
        delivered.add(next.entry);
        assertThat(Join.join(batch, next.entry).isNew()).isTrue();
        if (random.nextInt(3) == 0) {
          LoggedEntry again = delivered.get(random.nextInt(delivered.size()));
          assertThat(Join.join(batch, LoggedEntry.parse(again.bytes())).isNew()).isFalse();
        }
      }
      index.apply(index.appliedBatch() + 1, batch);
    }
    return index;
  }

  private static boolean isReady(Written next, Map<OriginId, Long> logged) {
    EntryDot dot = next.entry.dot();
    return logged.getOrDefault(dot.origin(), 0L) == dot.sequence() - 1
        && next.after.entrySet().stream()
            .allMatch(seen -> logged.getOrDefault(seen.getKey(), 0L) >= seen.getValue());
  }

  /// All rows, without which of its bodies keeps a deleted bucket alive: any may.
  private static List<String> dump(MemoryIndex index) {
    KeyRange names = new KeyRange(new RowKey(new byte[] {0x23}), new RowKey(new byte[] {0x24}));
    return Entries.rows(index).stream()
        .map(row -> row.key() + " = " + (names.contains(row.key()) ? "" : new RowKey(row.value())))
        .toList();
  }

  /// Names and owners' lists say what the buckets' registers say.
  private static void assertDerivedRowsFollow(MemoryIndex index, boolean realm) {
    Catalog catalog = new Catalog(index);
    KeyRange all = IndexKeys.buckets();
    Map<String, List<BucketRow>> living = new TreeMap<>();
    for (IndexView.RowEntry row : index.scan(all.from(), all.to(), 1000)) {
      BucketRow bucket = catalog.bucket(IndexKeys.incarnationAtEnd(row.key())).orElseThrow();
      boolean deleted = catalog.isDeleted(bucket.incarnation());
      if (realm ? catalog.lives(bucket.incarnation()) : !deleted) {
        living.computeIfAbsent(bucket.madeAs(), each -> new ArrayList<>()).add(bucket);
      }
    }
    Map<String, List<EntryDot>> owned = new TreeMap<>();
    for (String name : new String[] {"bucket0", "bucket1"}) {
      List<BucketRow> named = living.getOrDefault(name, new ArrayList<>());
      named.sort(
          Comparator.comparing((BucketRow each) -> catalog.isDeleted(each.incarnation()))
              .thenComparing(BucketRow::created));
      assertThat(catalog.bucket(name).map(BucketRow::incarnation))
          .isEqualTo(named.stream().findFirst().map(BucketRow::incarnation));
      for (BucketRow each : named) {
        String owner = each.value().getOwnerId();
        boolean first = each.equals(named.getFirst());
        if (first || !owner.equals(named.getFirst().value().getOwnerId())) {
          owned.computeIfAbsent(owner, of -> new ArrayList<>()).add(each.incarnation());
        } else {
          assertThat(catalog.bucket(name).orElseThrow().siblings()).contains(each.incarnation());
        }
      }
    }
    for (String owner : new String[] {"owner0", "owner1"}) {
      assertThat(catalog.bucketsOf(owner, "", "", 100).stream().map(BucketRow::incarnation))
          .containsExactlyInAnyOrderElementsOf(owned.getOrDefault(owner, List.of()));
    }
    assertThat(catalog.highestStamp()).isGreaterThan(Hlc.ZERO);
  }
}
