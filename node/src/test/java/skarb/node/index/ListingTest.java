package skarb.node.index;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import skarb.node.model.EntryDot;
import skarb.node.model.EntryOrder;
import skarb.node.model.Hlc;

class ListingTest {
  private final Entries site = new Entries(5);
  private final MemoryIndex index = new MemoryIndex();
  private final EntryDot bucket;

  ListingTest() {
    join(site.next(Entries.bucketCreated("bucket", "owner")));
    bucket = site.lastDot();
  }

  @Test
  void keysComeInByteOrderOfTheirUtf8() {
    String aboveSurrogates = "\uE000"; // ee 80 80, which UTF-16 puts above the next one
    String supplementary = "\uD83D\uDE00"; // f0 9f 98 80
    put(supplementary, aboveSurrogates, "z", "\u0001", "é", "a/b", "a");

    assertThat(list("", "", "", 10))
        .containsExactly("\u0001", "a", "a/b", "z", "é", aboveSurrogates, supplementary);
  }

  @Test
  void commonPrefixesCountAndStandBetweenTheKeys() {
    put("a", "b/1", "b/2", "c", "d/1", "e");

    assertThat(list("", "/", "", 10)).containsExactly("a", "[b/]", "c", "[d/]", "e");
    ListPage page = page("", "/", "", 2);
    assertThat(names(page)).containsExactly("a", "[b/]");
    assertThat(page.next()).contains(ByteString.copyFromUtf8("b/"));
    assertThat(list("", "/", "b/", 10)).containsExactly("c", "[d/]", "e");
  }

  @Test
  void aPositionInsideACommonPrefixLeavesAllOfItOut() {
    put("a/1", "a/2", "a0", "b");

    assertThat(list("", "/", "a/1", 10)).containsExactly("a0", "b");
    assertThat(list("", "/", "a/", 10)).containsExactly("a0", "b");
    assertThat(list("", "/", "a", 10)).containsExactly("[a/]", "a0", "b");
    assertThat(list("", "", "a/1", 10)).containsExactly("a/2", "a0", "b");
  }

  @Test
  void truncatedMeansThatAnotherEntryFollows() {
    put("a", "b", "c/1", "c/2");

    assertThat(page("", "", "", 4).truncated()).isFalse();
    assertThat(page("", "", "", 3).truncated()).isTrue();
    assertThat(page("", "/", "", 3).truncated()).isFalse();
    delete("c/1", "c/2");
    assertThat(page("", "", "", 2).truncated()).isFalse();
  }

  @Test
  void noEntriesAskedForIsAnEmptyLastPage() {
    put("a");

    ListPage page = page("", "", "", 0);

    assertThat(page.entries()).isEmpty();
    assertThat(page.truncated()).isFalse();
    assertThat(page.cost().seeks()).isZero();
  }

  @Test
  void delimitersMayBeAnyText() {
    put("a", "aXYb", "aXYc", "aXb", "XY", "XYXY", "//");

    assertThat(list("", "XY", "", 10)).containsExactly("//", "[XY]", "a", "[aXY]", "aXb");
    assertThat(list("XY", "XY", "", 10)).containsExactly("XY", "[XYXY]");
    assertThat(list("", "a", "", 10)).containsExactly("//", "XY", "XYXY", "[a]");
    assertThat(list("/", "/", "", 10)).containsExactly("[//]");
  }

  @Test
  void deletedObjectsAndMarkersAreNotListed() {
    put("a", "b", "c/1", "d");
    delete("a", "c/1");
    join(site.next(Entries.nullMarker(bucket, "b")));

    assertThat(list("", "/", "", 10)).containsExactly("d");
  }

  @Test
  void theHighestVersionDecides() {
    EntryOrder old = new EntryOrder(new Hlc(1), site.origin());
    EntryOrder middle = new EntryOrder(new Hlc(1000), site.origin());
    EntryOrder young = new EntryOrder(new Hlc(2000), site.origin());
    join(site.next(Entries.version(bucket, "k", old, 1)));
    join(site.next(Entries.nullBody(bucket, "k", 2)));
    assertThat(size("k")).isEqualTo(2);
    join(site.next(Entries.version(bucket, "k", middle, 3)));
    EntryDot dotOfMiddle = site.lastDot();
    assertThat(size("k")).isEqualTo(3);
    join(site.next(Entries.versionMarker(bucket, "k", young)));
    EntryDot dotOfYoung = site.lastDot();
    assertThat(list("", "", "", 10)).isEmpty();
    join(site.next(Entries.versionRemoved(bucket, "k", young, dotOfYoung)));
    assertThat(size("k")).isEqualTo(3);
    join(site.next(Entries.versionRemoved(bucket, "k", middle, dotOfMiddle)));
    assertThat(size("k")).isEqualTo(2);
    join(site.next(Entries.nullAbsent(bucket, "k")));
    assertThat(size("k")).isEqualTo(1);
    join(site.next(Entries.version(bucket, "k", middle, 4))); // issued again under its old id
    assertThat(size("k")).isEqualTo(4);
  }

  @Test
  void aCommonPrefixCostsTheSameHoweverManyKeysLieBelowIt() {
    for (int directory = 0; directory < 50; directory++) {
      RowChanges changes = new RowChanges(index);
      for (int file = 0; file < 400; file++) {
        Join.join(
            changes,
            site.next(Entries.nullBody(bucket, "%03d/%04d".formatted(directory, file), 1)));
      }
      index.apply(index.appliedBatch() + 1, changes);
    }

    ListPage page = page("", "/", "", 1000);

    assertThat(page.entries()).hasSize(50);
    assertThat(page.cost().seeks()).isLessThanOrEqualTo(51);
    assertThat(page.cost().rowsRead()).isLessThanOrEqualTo(51 * 8);
    ListPage flat = page("", "", "", 1000);
    assertThat(flat.cost().rowsRead()).isBetween(1001L, 1001L + 255);
    assertThat(flat.cost().seeks()).isLessThanOrEqualTo(5);
  }

  @Test
  void aBucketsListingEndsAtItsOwnKeys() {
    put("k");
    join(site.next(Entries.bucketCreated("bucket2", "owner")));
    EntryDot other = site.lastDot();
    join(site.next(Entries.nullBody(other, "a", 1), Entries.nullBody(other, "z", 1)));

    assertThat(list("", "", "", 10)).containsExactly("k");
    assertThat(list("l", "", "", 10)).isEmpty();
  }

  @Test
  void pagesTogetherAreWhatANaiveListingGives() {
    SplittableRandom random = Seed.random("pagesTogetherAreWhatANaiveListingGives");
    SortedSet<ByteString> keys = new TreeSet<>(ByteString.unsignedLexicographicalComparator());
    for (int round = 0; round < 60; round++) {
      RowChanges changes = new RowChanges(index);
      for (int i = 0; i < 12; i++) {
        String key = text(random, 1, 7);
        boolean put = random.nextInt(3) > 0;
        Join.join(
            changes,
            site.next(put ? Entries.nullBody(bucket, key, 1) : Entries.nullAbsent(bucket, key)));
        if (put) {
          keys.add(ByteString.copyFromUtf8(key));
        } else {
          keys.remove(ByteString.copyFromUtf8(key));
        }
      }
      index.apply(index.appliedBatch() + 1, changes);
      for (int i = 0; i < 30; i++) {
        comparePages(random, keys);
      }
    }
  }

  private void comparePages(SplittableRandom random, SortedSet<ByteString> keys) {
    String prefix = text(random, 0, 3);
    String delimiter = text(random, 0, 2);
    String after = random.nextInt(2) == 0 ? "" : text(random, 0, 4);
    int pageSize = 1 + random.nextInt(7);
    List<String> expected = naive(keys, prefix, delimiter, after);
    List<String> found = new ArrayList<>();
    ByteString position = ByteString.copyFromUtf8(after);
    while (true) {
      ListPage page =
          Listing.page(
              index,
              new Listing.Request(
                  bucket,
                  ByteString.copyFromUtf8(prefix),
                  ByteString.copyFromUtf8(delimiter),
                  position,
                  pageSize));
      found.addAll(names(page));
      if (page.next().isEmpty()) {
        break;
      }
      assertThat(page.entries()).hasSize(pageSize);
      position = page.next().get();
    }
    assertThat(found)
        .as("prefix '%s' delimiter '%s' after '%s'", prefix, delimiter, after)
        .isEqualTo(expected);
  }

  private static List<String> naive(
      SortedSet<ByteString> keys, String prefix, String delimiter, String after) {
    List<String> names = new ArrayList<>();
    for (ByteString key : keys) {
      String text = key.toStringUtf8();
      if (!text.startsWith(prefix)) {
        continue;
      }
      int at = delimiter.isEmpty() ? -1 : text.indexOf(delimiter, prefix.length());
      String name = at < 0 ? text : text.substring(0, at + delimiter.length());
      String shown = at < 0 ? text : "[" + name + "]";
      if (name.compareTo(after) > 0 && !names.contains(shown)) { // ASCII, so chars are bytes
        names.add(shown);
      }
    }
    return names;
  }

  private static String text(SplittableRandom random, int least, int most) {
    StringBuilder text = new StringBuilder();
    int length = least + random.nextInt(most - least + 1);
    for (int i = 0; i < length; i++) {
      text.append("\0\u0001/ab".charAt(random.nextInt(5)));
    }
    return text.toString();
  }

  private void put(String... keys) {
    for (String key : keys) {
      join(site.next(Entries.nullBody(bucket, key, 1)));
    }
  }

  private void delete(String... keys) {
    for (String key : keys) {
      join(site.next(Entries.nullAbsent(bucket, key)));
    }
  }

  private void join(LoggedEntry entry) {
    RowChanges changes = new RowChanges(index);
    Join.join(changes, entry);
    index.apply(index.appliedBatch() + 1, changes);
  }

  /// The size of the current version as the listing and the catalog see it.
  private long size(String key) {
    ListPage page = page(key, "", "", 1);
    ListPage.ObjectEntry entry = (ListPage.ObjectEntry) page.entries().getFirst();
    assertThat(new Catalog(index).current(bucket, entry.key())).contains(entry.version());
    return entry.version().body().getManifest().getSize();
  }

  private ListPage page(String prefix, String delimiter, String after, int maxEntries) {
    return Listing.page(
        index,
        new Listing.Request(
            bucket,
            ByteString.copyFromUtf8(prefix),
            ByteString.copyFromUtf8(delimiter),
            ByteString.copyFromUtf8(after),
            maxEntries));
  }

  private List<String> list(String prefix, String delimiter, String after, int maxEntries) {
    return names(page(prefix, delimiter, after, maxEntries));
  }

  private static List<String> names(ListPage page) {
    return page.entries().stream()
        .map(entry ->
            switch (entry) {
              case ListPage.ObjectEntry object -> object.key().toStringUtf8();
              case ListPage.CommonPrefix(var name) -> "[" + name.toStringUtf8() + "]";
            })
        .toList();
  }
}
