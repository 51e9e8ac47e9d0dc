package skarb.node.index;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import skarb.node.model.EntryDot;
import skarb.node.model.EntryOrder;
import skarb.node.model.Hlc;

/// What a page of a listing reads, counted at the view: it follows the entries of the page.
class ListingCostTest {
  private static final int PAGE = 1_000;

  /// Steps of 256 rows are what a page of 1,000 is made of.
  private static final int PAGE_SCANS = 4;

  private static final int PAGE_ROWS = 1_024;

  private final Entries site = new Entries(5);
  private final MemoryIndex index = new MemoryIndex();
  private final EntryDot bucket;

  ListingCostTest() {
    RowChanges changes = new RowChanges(index);
    Join.join(changes, site.next(Entries.bucketCreated("bucket", "owner")));
    index.apply(1, changes);
    bucket = site.lastDot();
  }

  @Test
  void aPageCostsTheSameInABucketOfAnySize() {
    put(2_000, "%06d"::formatted);
    CountingView few = read("", "000500", PAGE);
    put(100_000, "%06d"::formatted);

    for (String after : new String[] {"", "000500", "050000", "098998"}) {
      CountingView many = read("", after, PAGE);
      assertThat(many.scans()).isEqualTo(few.scans()).isLessThanOrEqualTo(PAGE_SCANS);
      assertThat(many.rows()).isBetween(1_000L, (long) PAGE_ROWS);
      assertThat(many.bytes()).isLessThanOrEqualTo(few.bytes() * 11 / 10);
      assertThat(many.gets()).isZero();
    }
    CountingView ten = read("", "050000", 10);
    assertThat(ten.scans()).isEqualTo(1);
    assertThat(ten.rows()).isEqualTo(12);
  }

  @Test
  void aCommonPrefixCostsOneSeekAndAFewRows() {
    put(40_000, i -> "%04d/%03d".formatted(i / 200, i % 200));

    CountingView cost = read("/", "", PAGE);

    assertThat(cost.scans()).isLessThanOrEqualTo(201);
    assertThat(cost.rows()).isLessThanOrEqualTo(201 * 8);
  }

  @Test
  void commonPrefixesOfFewKeysAreReadThrough() {
    put(3_000, i -> "%04d/%03d".formatted(i / 3, i % 3));

    CountingView cost = read("/", "", PAGE);

    assertThat(cost.scans()).isLessThanOrEqualTo(25);
    assertThat(cost.rows()).isLessThanOrEqualTo(3_000);
  }

  @Test
  void aKeyOfTenThousandVersionsCostsAFewRows() {
    put(100, "a%03d"::formatted);
    versions("b", 10_000);
    versions("c", 10_000);
    versions("d", 10_000);
    put(100, "e%03d"::formatted);

    CountingView cost = read("", "", PAGE);

    assertThat(Listing.page(index, request("", "", PAGE)).entries()).hasSize(203);
    assertThat(cost.scans()).isLessThanOrEqualTo(8);
    assertThat(cost.rows()).isLessThanOrEqualTo(203 + 256 + 4 * 8);
    CountingView one = new CountingView(index);
    assertThat(new Catalog(one).current(bucket, ByteString.copyFromUtf8("b"))).isPresent();
    assertThat(one.scans()).isEqualTo(1);
    assertThat(one.rows()).isLessThanOrEqualTo(8);
  }

  @Test
  void theNullVersionAmongThousandsIsAsCheap() {
    versions("b", 5_000);
    put(1, i -> "b"); // the null version, with a stamp above all of them
    put(1, i -> "c");

    CountingView cost = read("", "", PAGE);

    assertThat(Listing.page(index, request("", "", PAGE)).entries()).hasSize(2);
    assertThat(cost.scans()).isLessThanOrEqualTo(3);
    assertThat(cost.rows()).isLessThanOrEqualTo(256 + 8);
  }

  @Test
  void deleteMarkersOverManyVersionsAreJumpedToo() {
    for (int i = 0; i < 50; i++) {
      String key = "%03d".formatted(i);
      versions(key, 400);
      RowChanges changes = new RowChanges(index);
      Join.join(
          changes,
          site.next(
              Entries.versionMarker(bucket, key, new EntryOrder(new Hlc(1_000), site.origin()))));
      index.apply(index.appliedBatch() + 1, changes);
    }
    put(1, i -> "z");

    CountingView cost = read("", "", PAGE);

    assertThat(Listing.page(index, request("", "", PAGE)).entries()).hasSize(1);
    assertThat(cost.scans()).isLessThanOrEqualTo(52);
    assertThat(cost.rows()).isLessThanOrEqualTo(256 + 51 * 8);
  }

  @Test
  void keysOfAFewVersionsAreReadThrough() {
    for (int i = 0; i < PAGE; i++) {
      versions("%04d".formatted(i), 3);
    }

    CountingView cost = read("", "", PAGE);

    assertThat(cost.scans()).isLessThanOrEqualTo(14);
    assertThat(cost.rows()).isLessThanOrEqualTo(3 * PAGE);
  }

  /// Null versions, in batches.
  private void put(int count, IntFunction<String> key) {
    for (int i = 0; i < count; ) {
      RowChanges changes = new RowChanges(index);
      for (int end = Math.min(count, i + 1_000); i < end; i++) {
        Join.join(changes, site.next(Entries.nullBody(bucket, key.apply(i), 1)));
      }
      index.apply(index.appliedBatch() + 1, changes);
    }
  }

  /// Versions of one key, with stamps from 1 on.
  private void versions(String key, int count) {
    RowChanges changes = new RowChanges(index);
    for (int i = 1; i <= count; i++) {
      EntryOrder id = new EntryOrder(new Hlc(i), site.origin());
      Join.join(changes, site.next(Entries.version(bucket, key, id, 1)));
    }
    index.apply(index.appliedBatch() + 1, changes);
  }

  private CountingView read(String delimiter, String after, int maxEntries) {
    CountingView view = new CountingView(index);
    ListPage page = Listing.page(view, request(delimiter, after, maxEntries));
    assertThat(page.cost()).isEqualTo(new ListPage.Cost(view.scans(), view.rows()));
    return view;
  }

  private Listing.Request request(String delimiter, String after, int maxEntries) {
    return new Listing.Request(
        bucket,
        ByteString.EMPTY,
        ByteString.copyFromUtf8(delimiter),
        ByteString.copyFromUtf8(after),
        maxEntries);
  }
}
