package skarb.node.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import skarb.node.model.EntryDot;
import skarb.node.model.EntryOrder;
import skarb.v1.Effect;
import skarb.v1.LocalRecord;

/// What sites agree on that have taken in the same entries.
class LiveRowsTest {
  private final MemoryIndex index = new MemoryIndex();
  private final Catalog catalog = new Catalog(index);
  private final Entries site = new Entries(7);
  private EntryDot bucket = new EntryDot(site.origin(), 1);

  @BeforeEach
  void realmWithABucket() {
    write(Entries.member(7, "a"));
    bucket = write(Entries.bucketCreated("bucket", "ann")).dot();
  }

  @Test
  void whatIsGoneCountsForNothing() {
    StateDigest before = catalog.liveDigest();
    EntryOrder id = site.lastOrder();
    write(Entries.nullBody(bucket, "k", 1));
    EntryDot version = write(Entries.version(bucket, "k", id, 2)).dot();
    write(Entries.accessKey("key", "ann", true));
    assertThat(kinds(bucket)).containsExactly("BUCKET", "NULL", "VERSION");

    write(Entries.nullAbsent(bucket, "k"));
    write(Entries.versionRemoved(bucket, "k", id, version));
    write(Entries.accessKeyDeleted("key"));

    assertThat(catalog.liveDigest()).isEqualTo(before);
  }

  @Test
  void aDroppedTombstoneMakesNoDifference() {
    write(Entries.nullBody(bucket, "k", 1));
    write(Entries.nullAbsent(bucket, "k"));
    write(Entries.accessKey("key", "ann", true), Entries.accessKeyDeleted("key"));
    StateDigest before = catalog.liveDigest();
    List<Grave> graves = catalog.graves(null, 10);
    assertThat(graves).hasSize(2);

    RowChanges changes = new RowChanges(index);
    for (Grave grave : graves) {
      LocalRecords.apply(
          changes, LocalRecord.newBuilder().setTombstoneDropped(grave.dropped()).build());
    }
    index.apply(index.appliedBatch() + 1, changes);

    assertThat(catalog.graves(null, 10)).isEmpty();
    assertThat(catalog.liveDigest()).isEqualTo(before);
  }

  @Test
  void anotherSitesPendingSetAndVectorsMakeNoDifference() {
    write(Entries.nullBody(bucket, "k", 1));
    StateDigest before = catalog.liveDigest();

    RowChanges changes = new RowChanges(index);
    LocalRecords.apply(changes, LocalRecords.wanted(new EntryDot(site.origin(), 3)));
    index.apply(index.appliedBatch() + 1, changes);

    assertThat(index.digest()).isNotEqualTo(StateDigest.EMPTY);
    assertThat(catalog.liveDigest()).isEqualTo(before);
  }

  @Test
  void aDeletedBucketCountsWhileItHoldsABody() {
    StateDigest without = catalog.liveDigest();
    EntryDot other = write(Entries.bucketCreated("other", "ann")).dot();
    write(Entries.nullBody(other, "k", 1));
    write(Entries.bucketDeleted(other));
    assertThat(kinds(other)).containsExactly("BUCKET", "BUCKET_DELETED", "NULL");

    write(Entries.nullAbsent(other, "k"));
    assertThat(catalog.liveDigest()).isEqualTo(without);

    write(Entries.nullMarker(other, "k"));
    assertThat(catalog.liveDigest()).isEqualTo(without);
  }

  @Test
  void aKeptConflictCountsAndItsLoserDoesNot() {
    LoggedEntry loser = write(Entries.nullBody(bucket, "k", 1));
    write(Entries.conflictKept(bucket, "k", loser.order(), loser.dot(), 1));

    assertThat(kinds(bucket)).containsExactly("BUCKET", "CONFLICT");
  }

  private List<String> kinds(EntryDot of) {
    List<String> kinds = new ArrayList<>();
    catalog.liveRows((key, row) -> {
      boolean ofBucket = row.hasBucket() || row.hasBucketDeleted();
      if (ofBucket
          ? IndexKeys.incarnationAtEnd(key).equals(of)
          : !row.hasMember() && !row.hasAccessKey() && IndexKeys.parseIncarnation(key).equals(of)) {
        kinds.add(row.getValueCase().name());
      }
    });
    return kinds;
  }

  private LoggedEntry write(Effect... effects) {
    LoggedEntry entry = site.next(effects);
    RowChanges changes = new RowChanges(index);
    Join.join(changes, entry);
    index.apply(index.appliedBatch() + 1, changes);
    return entry;
  }
}
