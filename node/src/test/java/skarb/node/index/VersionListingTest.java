package skarb.node.index;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import skarb.node.model.EntryDot;
import skarb.node.model.EntryOrder;
import skarb.node.model.VersionId;
import skarb.v1.Body;
import skarb.v1.ConflictKept;
import skarb.v1.ConflictResolution;
import skarb.v1.ConflictResolved;
import skarb.v1.Effect;
import skarb.v1.Manifest;

class VersionListingTest {
  private static final String[] KEYS = {"a", "a/1", "a/2", "a/b/c", "a\0", "b", "b/", "é"};

  private final Entries site = new Entries(5);
  private final MemoryIndex index = new MemoryIndex();
  private final EntryDot bucket;

  VersionListingTest() {
    join(site.next(Entries.bucketCreated("bucket", "owner")));
    bucket = site.lastDot();
  }

  @Test
  void versionsOfAKeyComeTheNewestFirstAndTheNullVersionInItsPlace() {
    EntryOrder first = version("k", 1);
    join(site.next(Entries.nullBody(bucket, "k", 2)));
    EntryOrder third = version("k", 3);
    EntryOrder above = nextOrder();
    assertThat(lines(page("", "", "", Optional.empty(), 10)))
        .containsExactly("k 3 latest", "k 2 null", "k 1");
    assertThat(lines(page("", "", "k", Optional.of(new VersionId.Stamped(third)), 10)))
        .containsExactly("k 2 null", "k 1");
    assertThat(lines(page("", "", "k", Optional.of(VersionId.NULL), 10))).containsExactly("k 1");
    assertThat(lines(page("", "", "k", Optional.of(new VersionId.Stamped(first)), 10))).isEmpty();
    assertThat(lines(page("", "", "k", Optional.of(new VersionId.Stamped(above)), 10)))
        .as("an id above all of them")
        .containsExactly("k 3 latest", "k 2 null", "k 1");
    assertThat(lines(page("", "", "k", Optional.empty(), 10))).isEmpty();
  }

  @Test
  void aNullVersionThatIsGoneLeavesItsPlaceInTheMarkerOfThePage() {
    version("k", 1);
    join(site.next(Entries.nullBody(bucket, "k", 2)));
    version("k", 3);
    VersionPage two = page("", "", "", Optional.empty(), 2);
    assertThat(lines(two)).containsExactly("k 3 latest", "k 2 null");
    join(site.next(Entries.nullAbsent(bucket, "k")));
    Optional<VersionId> place = two.next().orElseThrow().version().map(VersionId.Stamped::new);
    assertThat(lines(page("", "", "k", place, 10))).containsExactly("k 1");
    assertThat(lines(page("", "", "k", Optional.of(VersionId.NULL), 10)))
        .as("nobody knows where it was")
        .containsExactly("k 3 latest", "k 1");
  }

  @Test
  void removedVersionsDoNotShowAndTheNextOneIsTheLatest() {
    EntryOrder old = version("k", 1);
    EntryOrder young = version("k", 2);
    join(site.next(Entries.versionRemoved(bucket, "k", young, site.lastDot())));
    assertThat(lines(page("", "", "", Optional.empty(), 10))).containsExactly("k 1 latest");
    assertThat(lines(page("", "", "k", Optional.of(new VersionId.Stamped(young)), 10)))
        .containsExactly("k 1 latest");
    join(site.next(Entries.version(bucket, "k", young, 9))); // issued again under its old id
    assertThat(lines(page("", "", "", Optional.empty(), 10))).containsExactly("k 9 latest", "k 1");
    assertThat(old).isLessThan(young);
  }

  @Test
  void aBodyThatLostUnseenTakesItsPlaceAndIsNeverTheLatest() {
    version("k", 1);
    join(site.next(Entries.nullBody(bucket, "k", 2)));
    EntryDot loserDot = site.lastDot();
    EntryOrder loser = site.lastOrder();
    ConflictKept kept =
        ConflictKept.newBuilder()
            .setBucket(bucket.toProto())
            .setKey(ByteString.copyFromUtf8("k"))
            .setLoser(loser.toProto())
            .setLoserDot(loserDot.toProto())
            .setWinnerDot(bucket.toProto())
            .setBody(Body.newBuilder().setManifest(Manifest.newBuilder().setSize(7)))
            .build();
    join(site.next(Effect.newBuilder().setConflictKept(kept).build()));
    assertThat(lines(page("", "", "", Optional.empty(), 10))).containsExactly("k 7", "k 1 latest");
    version("k", 3);
    VersionPage two = page("", "", "", Optional.empty(), 2);
    assertThat(lines(two)).containsExactly("k 3 latest", "k 7");
    Optional<VersionId> place = two.next().orElseThrow().version().map(VersionId.Stamped::new);
    assertThat(lines(page("", "", "k", place, 10))).containsExactly("k 1");
    ConflictResolved resolved =
        ConflictResolved.newBuilder()
            .setBucket(bucket.toProto())
            .setKey(ByteString.copyFromUtf8("k"))
            .setLoser(loser.toProto())
            .setLoserDot(loserDot.toProto())
            .setResolution(ConflictResolution.CONFLICT_RESOLUTION_DECIDED)
            .build();
    join(site.next(Effect.newBuilder().setConflictResolved(resolved).build()));
    assertThat(lines(page("", "", "", Optional.empty(), 10))).containsExactly("k 3 latest", "k 1");
  }

  @Test
  void aPageOfAKeyWithManyVersionsReadsAboutThatMany() {
    RowChanges changes = new RowChanges(index);
    for (int i = 0; i < 5_000; i++) {
      EntryOrder id = nextOrder();
      Join.join(changes, site.next(Entries.version(bucket, "k", id, i)));
    }
    index.apply(index.appliedBatch() + 1, changes);
    VersionPage page = page("", "", "", Optional.empty(), 100);
    assertThat(page.cost().rowsRead()).isLessThanOrEqualTo(101);
    VersionPage next =
        page("", "", "k", page.next().orElseThrow().version().map(VersionId.Stamped::new), 100);
    assertThat(next.entries()).hasSize(100);
    assertThat(next.cost().rowsRead()).isLessThanOrEqualTo(101);
    version("l/1", 1);
    VersionPage rolled = page("", "/", "k", Optional.empty(), 10);
    assertThat(lines(rolled)).containsExactly("[l/]");
    assertThat(rolled.cost().rowsRead()).isLessThanOrEqualTo(11);
  }

  @Test
  void aPageOfCurrentObjectsCostsTheSameHoweverManyVersionsTheyHave() {
    RowChanges changes = new RowChanges(index);
    for (int key = 0; key < 50; key++) {
      for (int i = 0; i < 300; i++) {
        EntryOrder id = nextOrder();
        Join.join(changes, site.next(Entries.version(bucket, "k" + key, id, i)));
      }
    }
    index.apply(index.appliedBatch() + 1, changes);
    ListPage page =
        Listing.page(
            index,
            new Listing.Request(bucket, ByteString.EMPTY, ByteString.EMPTY, ByteString.EMPTY, 50));
    assertThat(page.entries()).hasSize(50);
    assertThat(page.cost().rowsRead()).isLessThanOrEqualTo(51 + 51 * 8);
  }

  @Test
  void pagesTogetherAreWhatANaiveListingGives() {
    SplittableRandom random = Seed.random("pagesTogetherAreWhatANaiveListingGives");
    for (int round = 0; round < 40; round++) {
      Naive naive = new Naive();
      for (int i = 0; i < 60; i++) {
        naive.write(random);
      }
      for (int i = 0; i < 30; i++) {
        comparePages(random, naive);
      }
      naive.clear();
    }
  }

  private void comparePages(SplittableRandom random, Naive naive) {
    String prefix = List.of("", "", "a", "a/", "b").get(random.nextInt(5));
    String delimiter = List.of("", "/", "a", "\0").get(random.nextInt(4));
    String afterKey = random.nextBoolean() ? "" : KEYS[random.nextInt(KEYS.length)];
    Optional<VersionId> afterVersion =
        afterKey.isEmpty() || random.nextInt(3) == 0
            ? Optional.empty()
            : naive.anId(random, afterKey);
    int pageSize = 1 + random.nextInt(4);
    List<String> expected = naive.list(prefix, delimiter, afterKey, afterVersion);
    List<String> found = new ArrayList<>();
    String key = afterKey;
    Optional<VersionId> version = afterVersion;
    while (true) {
      VersionPage page = page(prefix, delimiter, key, version, pageSize);
      found.addAll(lines(page));
      if (page.next().isEmpty()) {
        break;
      }
      assertThat(page.entries()).hasSize(pageSize);
      key = page.next().get().key().toStringUtf8();
      version = page.next().get().version().map(VersionId.Stamped::new);
    }
    assertThat(found)
        .as("prefix '%s' delimiter '%s' after '%s' %s", prefix, delimiter, afterKey, afterVersion)
        .isEqualTo(expected);
  }

  /// The versions of the bucket as a list that is sorted for each listing.
  private final class Naive {
    private record Version(EntryDot dot, EntryOrder id, boolean isNull, long size) {}

    private final TreeMap<ByteString, List<Version>> keys =
        new TreeMap<>(ByteString.unsignedLexicographicalComparator());
    private long sizes;

    void write(SplittableRandom random) {
      String key = KEYS[random.nextInt(KEYS.length)];
      List<Version> versions =
          keys.computeIfAbsent(ByteString.copyFromUtf8(key), absent -> new ArrayList<>());
      sizes++;
      switch (random.nextInt(6)) {
        case 0 -> {
          versions.removeIf(Version::isNull);
          join(site.next(Entries.nullBody(bucket, key, sizes)));
          versions.add(new Version(site.lastDot(), site.lastOrder(), true, sizes));
        }
        case 1 -> {
          versions.removeIf(Version::isNull);
          join(site.next(Entries.nullAbsent(bucket, key)));
        }
        case 2 -> {
          if (!versions.isEmpty()) {
            remove(key, versions.remove(random.nextInt(versions.size())));
          }
        }
        default -> {
          EntryOrder id = version(key, sizes);
          versions.add(new Version(site.lastDot(), id, false, sizes));
        }
      }
    }

    private void remove(String key, Version version) {
      join(
          site.next(
              version.isNull()
                  ? Entries.nullAbsent(bucket, key)
                  : Entries.versionRemoved(bucket, key, version.id(), version.dot())));
    }

    void clear() {
      keys.forEach(
          (key, versions) -> versions.forEach(version -> remove(key.toStringUtf8(), version)));
      assertThat(new Catalog(index).isEmpty(bucket)).isTrue();
    }

    Optional<VersionId> anId(SplittableRandom random, String key) {
      List<Version> versions = keys.getOrDefault(ByteString.copyFromUtf8(key), List.of());
      if (versions.isEmpty()) {
        return Optional.of(VersionId.NULL);
      }
      Version version = versions.get(random.nextInt(versions.size()));
      return Optional.of(
          version.isNull() && random.nextBoolean()
              ? VersionId.NULL
              : new VersionId.Stamped(version.id()));
    }

    List<String> list(
        String prefix, String delimiter, String afterKey, Optional<VersionId> afterVersion) {
      List<String> lines = new ArrayList<>();
      keys.forEach((bytes, unsorted) -> {
        String key = bytes.toStringUtf8();
        List<Version> versions =
            unsorted.stream().sorted(Comparator.comparing(Version::id).reversed()).toList();
        int at = delimiter.isEmpty() ? -1 : key.indexOf(delimiter, prefix.length());
        if (versions.isEmpty() || !key.startsWith(prefix)) {
          return;
        }
        if (at >= 0) {
          String common = key.substring(0, at + delimiter.length());
          if (isAbove(common, afterKey) && !lines.contains("[" + common + "]")) {
            lines.add("[" + common + "]");
          }
          return;
        }
        for (Version version : versions) {
          boolean shown =
              isAbove(key, afterKey)
                  || (key.equals(afterKey) && isBelow(version, versions, afterVersion));
          if (shown) {
            lines.add(
                key
                    + " "
                    + version.size()
                    + (version.isNull() ? " null" : "")
                    + (version.equals(versions.getFirst()) ? " latest" : ""));
          }
        }
      });
      return lines;
    }

    private boolean isAbove(String name, String after) {
      return ByteString.unsignedLexicographicalComparator()
              .compare(ByteString.copyFromUtf8(name), ByteString.copyFromUtf8(after))
          > 0;
    }

    private boolean isBelow(Version version, List<Version> all, Optional<VersionId> after) {
      return after
          .map(id ->
              switch (id) {
                case VersionId.Stamped(var order) -> version.id().compareTo(order) < 0;
                case VersionId.Null _ ->
                    all.stream()
                        .filter(Version::isNull)
                        .allMatch(nullVersion -> version.id().compareTo(nullVersion.id()) < 0);
              })
          .orElse(false);
    }
  }

  /// The order that the next entry will have.
  private EntryOrder nextOrder() {
    return new EntryOrder(new skarb.node.model.Hlc(site.hlc() + 1), site.origin());
  }

  private EntryOrder version(String key, long size) {
    EntryOrder id = nextOrder();
    join(site.next(Entries.version(bucket, key, id, size)));
    return id;
  }

  private void join(LoggedEntry entry) {
    RowChanges changes = new RowChanges(index);
    Join.join(changes, entry);
    index.apply(index.appliedBatch() + 1, changes);
  }

  private VersionPage page(
      String prefix,
      String delimiter,
      String afterKey,
      Optional<VersionId> afterVersion,
      int maxEntries) {
    return VersionListing.page(
        index,
        new VersionListing.Request(
            bucket,
            ByteString.copyFromUtf8(prefix),
            ByteString.copyFromUtf8(delimiter),
            ByteString.copyFromUtf8(afterKey),
            afterVersion,
            maxEntries));
  }

  private static List<String> lines(VersionPage page) {
    return page.entries().stream()
        .map(entry ->
            switch (entry) {
              case VersionPage.CommonPrefix(var name) -> "[" + name.toStringUtf8() + "]";
              case VersionPage.VersionEntry(var key, var version, var latest) ->
                  key.toStringUtf8()
                      + " "
                      + version.body().getManifest().getSize()
                      + (version.isNull() ? " null" : "")
                      + (latest ? " latest" : "");
            })
        .toList();
  }
}
