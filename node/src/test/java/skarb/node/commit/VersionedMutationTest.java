package skarb.node.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static skarb.node.commit.Requests.ANN;
import static skarb.node.commit.Requests.BOB;
import static skarb.node.commit.Requests.BUCKET;
import static skarb.node.commit.Requests.delete;
import static skarb.node.commit.Requests.etag;
import static skarb.node.commit.Requests.ifMatch;
import static skarb.node.commit.Requests.ifNoneMatch;
import static skarb.node.commit.Requests.put;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import skarb.node.index.BucketRow;
import skarb.node.index.Catalog;
import skarb.node.index.MemoryIndex;
import skarb.node.index.ObjectVersion;
import skarb.node.model.Etag;
import skarb.node.model.ObjectKey;
import skarb.node.model.SiteId;
import skarb.node.model.VersionId;
import skarb.v1.BucketSetting;
import skarb.v1.Entry;
import skarb.v1.ErrorReason;
import skarb.v1.JournalRecord;
import skarb.v1.MemberValue;
import skarb.v1.Versioning;
import skarb.v1.WriteConditions;

/// What writes and deletions come to by the state of their bucket.
class VersionedMutationTest {
  private final ManualClock wall = new ManualClock(1_000_000);
  private final MemoryIndex index = new MemoryIndex();
  private final Catalog catalog = new Catalog(index);
  private final DirectCommitter committer = new DirectCommitter(index, wall);

  @BeforeEach
  void aBucket() {
    committer.done(Requests.createBucket());
  }

  @Test
  void settingsAreTheOwnersAndWrittenOnce() {
    assertThat(committer.rejected(set(BOB, versions(Versioning.VERSIONING_ENABLED))))
        .isEqualTo(ErrorReason.ERROR_REASON_ACCESS_DENIED);
    assertThat(committer.rejected(set(ANN, versions(Versioning.VERSIONING_UNSPECIFIED))))
        .isEqualTo(ErrorReason.ERROR_REASON_INVALID_ARGUMENT);
    assertThat(committer.rejected(set(ANN, BucketSetting.getDefaultInstance())))
        .isEqualTo(ErrorReason.ERROR_REASON_INVALID_ARGUMENT);
    assertThat(committer.done(set(ANN, guarded(false))).written()).isEmpty();
    assertThat(committer.done(set(ANN, guarded(true))).written()).isPresent();
    assertThat(committer.done(set(ANN, guarded(true))).written()).isEmpty();
    assertThat(committer.done(set(ANN, guarded(false))).written()).isPresent();
    enable();
    assertThat(catalog.versioning(bucket().incarnation())).isEqualTo(Versioning.VERSIONING_ENABLED);
    assertThat(committer.done(set(ANN, versions(Versioning.VERSIONING_ENABLED))).written())
        .isEmpty();
  }

  @Test
  void aDeletedBucketTakesItsSettingsAlong() {
    enable();
    committer.done(set(ANN, guarded(true)));
    committer.done(put("k", "v"));
    assertThat(committer.rejected(Requests.deleteBucket(ANN)))
        .isEqualTo(ErrorReason.ERROR_REASON_BUCKET_NOT_EMPTY);
    VersionId version = currentId("k");
    committer.done(delete("k"));
    committer.done(deleteVersion("k", version));
    assertThat(committer.rejected(Requests.deleteBucket(ANN)))
        .as("a delete marker is left")
        .isEqualTo(ErrorReason.ERROR_REASON_BUCKET_NOT_EMPTY);
    committer.done(deleteVersion("k", currentId("k")));
    long rows = index.rowCount();
    committer.done(Requests.deleteBucket(ANN));
    assertThat(index.rowCount()).isEqualTo(rows - 1); // without name and owner, with its deletion
    committer.done(Requests.createBucket());
    assertThat(catalog.versioning(bucket().incarnation()))
        .isEqualTo(Versioning.VERSIONING_UNSPECIFIED);
  }

  @Test
  void enabledKeepsTheNullVersionAndEachWriteAfterIt() {
    committer.done(put("k", "zero"));
    enable();
    VersionId one = putId("k", "one");
    VersionId two = putId("k", "two");
    assertThat(two.text()).isLessThan(one.text());
    assertThat(currentId("k")).isEqualTo(two);
    assertThat(etagOf("k", one)).isEqualTo(etag("one"));
    assertThat(etagOf("k", VersionId.NULL)).isEqualTo(etag("zero"));
  }

  @Test
  void deletingInAVersionedBucketMakesAMarkerEvenOverNothing() {
    enable();
    Committed.ObjectDeleted over = deleted(delete("never"));
    assertThat(over.existed()).isFalse();
    assertThat(over.deleteMarker()).isTrue();
    assertThat(over.versionId()).contains(currentId("never"));
    ObjectVersion marker = catalog.current(bucket().incarnation(), bytes("never")).orElseThrow();
    assertThat(marker.isDeleteMarker()).isTrue();
    assertThat(marker.ownerId()).isEqualTo(ANN);
    assertThat(marker.modifiedMillis()).isEqualTo(1_000_000);
    assertThat(committer.done(put("never", "v", ifNoneMatch("*"))).written()).isPresent();
  }

  @Test
  void suspendedReplacesTheNullVersionByABodyOrAMarker() {
    enable();
    VersionId kept = putId("k", "kept");
    committer.done(set(ANN, versions(Versioning.VERSIONING_SUSPENDED)));
    assertThat(putId("k", "null one")).isEqualTo(VersionId.NULL);
    long rows = index.rowCount();
    assertThat(putId("k", "null two")).isEqualTo(VersionId.NULL);
    assertThat(deleted(delete("k")))
        .isEqualTo(new Committed.ObjectDeleted(true, Optional.of(VersionId.NULL), true));
    assertThat(deleted(delete("k")))
        .isEqualTo(new Committed.ObjectDeleted(true, Optional.of(VersionId.NULL), true));
    assertThat(index.rowCount()).isEqualTo(rows);
    assertThat(deleted(deleteVersion("k", VersionId.NULL)))
        .isEqualTo(new Committed.ObjectDeleted(true, Optional.of(VersionId.NULL), true));
    assertThat(currentId("k")).isEqualTo(kept);
  }

  @Test
  void aBucketThatWasNeverVersionedCanBeSuspended() {
    committer.done(put("k", "v"));
    committer.done(set(ANN, versions(Versioning.VERSIONING_SUSPENDED)));
    assertThat(putId("k", "w")).isEqualTo(VersionId.NULL);
    assertThat(deleted(delete("k")).deleteMarker()).isTrue();
  }

  @Test
  void aVersionIsRemovedForGoodAndLeavesNoRowWhereNoOtherSiteEverWas() {
    enable();
    long rows = index.rowCount();
    VersionId one = putId("k", "one");
    VersionId two = putId("k", "two");
    assertThat(deleted(deleteVersion("k", two)))
        .isEqualTo(new Committed.ObjectDeleted(true, Optional.of(two), false));
    assertThat(currentId("k")).isEqualTo(one);
    int records = committer.records().size();
    assertThat(deleted(deleteVersion("k", two)))
        .isEqualTo(new Committed.ObjectDeleted(false, Optional.of(two), false));
    assertThat(committer.records()).hasSize(records);
    committer.done(deleteVersion("k", one));
    assertThat(index.rowCount()).isEqualTo(rows);
  }

  @Test
  void inARealmOfSeveralSitesTheVersionStaysBesideItsTombstone() {
    committer.done(
        new Mutation.SetMember(new SiteId(7), MemberValue.newBuilder().setName("site").build()));
    enable();
    VersionId one = putId("k", "one");
    long rows = index.rowCount();
    committer.done(deleteVersion("k", one));
    assertThat(index.rowCount()).isGreaterThan(rows);
    assertThat(catalog.current(bucket().incarnation(), bytes("k"))).isEmpty();
    assertThat(committer.done(deleteVersion("k", one)).written()).isEmpty();
    assertThat(catalog.isEmpty(bucket().incarnation())).isTrue();
  }

  @Test
  void conditionsOfDeletionsLookAtWhatIsDeleted() {
    enable();
    assertThat(committer.done(delete("k", ifMatch(etag("v")))).written()).isEmpty();
    VersionId one = putId("k", "one");
    putId("k", "two");
    assertThat(committer.rejected(delete("k", ifMatch(etag("one")))))
        .isEqualTo(ErrorReason.ERROR_REASON_PRECONDITION_FAILED);
    assertThat(committer.rejected(deleteVersion("k", one, ifMatch(etag("two")))))
        .isEqualTo(ErrorReason.ERROR_REASON_PRECONDITION_FAILED);
    committer.done(delete("k", ifMatch(etag("two"))));
    VersionId marker = currentId("k");
    for (Mutation onMarker :
        List.of(delete("k", ifMatch("*")), deleteVersion("k", marker, ifMatch("*")))) {
      assertThat(committer.rejected(onMarker))
          .isEqualTo(ErrorReason.ERROR_REASON_PRECONDITION_FAILED);
    }
    assertThat(deleted(deleteVersion("k", one, ifMatch(etag("one")))).existed()).isTrue();
    assertThat(deleted(deleteVersion("k", one, ifMatch(etag("two")))).existed()).isFalse();
  }

  @Test
  void guardedOverwritesWantAConditionWhereAnObjectIsCurrent() {
    committer.done(set(ANN, guarded(true)));
    committer.done(put("k", "one"));
    assertThat(committer.rejection(Requests.submission(put("k", "two"))).metadata())
        .containsEntry("bucket", "bucket")
        .containsEntry("key", "k");
    assertThat(committer.rejected(put("k", "two")))
        .isEqualTo(ErrorReason.ERROR_REASON_CONDITION_REQUIRED);
    committer.done(put("k", "two", ifMatch(etag("one"))));
    committer.done(put("k", "three", ifNoneMatch(etag("other"))));
    committer.done(delete("k"));
    committer.done(put("k", "one"));
    enable();
    committer.done(delete("k"));
    committer.done(put("k", "over a marker"));
  }

  @Test
  void anEntryNamesWhatItReplacesOnlyInTheNullVersion() throws Exception {
    committer.done(put("k", "one"));
    committer.done(put("k", "two"));
    assertThat(lastEntry().getHeader().getReplacesCount()).isEqualTo(1);
    enable();
    committer.done(put("k", "three"));
    assertThat(lastEntry().getHeader().getReplacesCount()).isEqualTo(0);
    committer.done(set(ANN, versions(Versioning.VERSIONING_SUSPENDED)));
    committer.done(put("k", "four"));
    assertThat(lastEntry().getHeader().getReplacesCount()).isEqualTo(1);
    committer.done(delete("k"));
    assertThat(lastEntry().getHeader().getReplacesCount()).isEqualTo(1);
  }

  private Entry lastEntry() throws Exception {
    JournalRecord record = JournalRecord.parseFrom(committer.records().getLast());
    return Entry.parseFrom(record.getEntry());
  }

  private void enable() {
    committer.done(set(ANN, versions(Versioning.VERSIONING_ENABLED)));
  }

  private VersionId putId(String key, String content) {
    return committer.done(put(key, content)).answer() instanceof Committed.ObjectPut stored
        ? stored.versionId().orElseThrow()
        : VersionId.parse("not an answer to a put");
  }

  private Committed.ObjectDeleted deleted(Mutation mutation) {
    return (Committed.ObjectDeleted) committer.done(mutation).answer();
  }

  private BucketRow bucket() {
    return catalog.bucket("bucket").orElseThrow();
  }

  private VersionId currentId(String key) {
    return catalog.current(bucket().incarnation(), bytes(key)).orElseThrow().versionId();
  }

  private String etagOf(String key, VersionId id) {
    return Etag.of(
        (switch (id) {
              case VersionId.Null _ -> catalog.nullVersion(bucket().incarnation(), bytes(key));
              case VersionId.Stamped(var order) ->
                  catalog.version(bucket().incarnation(), bytes(key), order);
            })
            .orElseThrow()
            .body());
  }

  private static ByteString bytes(String key) {
    return ByteString.copyFromUtf8(key);
  }

  private static Mutation set(String userId, BucketSetting setting) {
    return new Mutation.SetBucketSetting(userId, BUCKET, setting);
  }

  private static BucketSetting versions(Versioning versioning) {
    return BucketSetting.newBuilder().setVersioning(versioning).build();
  }

  private static BucketSetting guarded(boolean guarded) {
    return BucketSetting.newBuilder().setGuardedOverwrites(guarded).build();
  }

  private static Mutation deleteVersion(String key, VersionId id) {
    return deleteVersion(key, id, Requests.NONE);
  }

  private static Mutation deleteVersion(String key, VersionId id, WriteConditions conditions) {
    return new Mutation.DeleteObject(ANN, BUCKET, ObjectKey.of(key), Optional.of(id), conditions);
  }
}
