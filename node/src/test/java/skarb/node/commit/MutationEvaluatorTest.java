package skarb.node.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static skarb.node.commit.Requests.ANN;
import static skarb.node.commit.Requests.BOB;
import static skarb.node.commit.Requests.BUCKET;
import static skarb.node.commit.Requests.createBucket;
import static skarb.node.commit.Requests.delete;
import static skarb.node.commit.Requests.deleteBucket;
import static skarb.node.commit.Requests.etag;
import static skarb.node.commit.Requests.ifMatch;
import static skarb.node.commit.Requests.ifNoneMatch;
import static skarb.node.commit.Requests.put;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import skarb.node.index.MemoryIndex;
import skarb.node.model.NodeException;
import skarb.node.model.ObjectKey;
import skarb.node.model.VersionId;
import skarb.v1.Body;
import skarb.v1.ErrorReason;
import skarb.v1.ObjectAttributes;

class MutationEvaluatorTest {
  private final ManualClock wall = new ManualClock(1_000_000);
  private final MemoryIndex index = new MemoryIndex();
  private final DirectCommitter committer = new DirectCommitter(index, wall);

  @BeforeEach
  void aBucket() {
    committer.done(createBucket());
  }

  @Test
  void aBucketsNameIsTakenOnce() {
    assertThat(committer.rejected(createBucket(ANN, "bucket")))
        .isEqualTo(ErrorReason.ERROR_REASON_BUCKET_ALREADY_OWNED_BY_YOU);
    assertThat(committer.rejected(createBucket(BOB, "bucket")))
        .isEqualTo(ErrorReason.ERROR_REASON_BUCKET_ALREADY_EXISTS);
  }

  @Test
  void aBucketsIncarnationIsTheDotOfItsCreation() {
    Committed committed = committer.done(createBucket(BOB, "other"));
    assertThat(committed.answer())
        .isInstanceOfSatisfying(
            Committed.BucketCreated.class,
            created -> {
              assertThat(created.incarnation()).isEqualTo(committed.written().orElseThrow().dot());
              assertThat(created.bucket().getOwnerId()).isEqualTo(BOB);
              assertThat(created.bucket().getCreatedMillis()).isEqualTo(1_000_000);
            });
  }

  @Test
  void anEmptyBucketIsDeletedByItsOwnerAlone() {
    assertThat(committer.rejected(deleteBucket(BOB)))
        .isEqualTo(ErrorReason.ERROR_REASON_ACCESS_DENIED);
    committer.done(put("k", "v"));
    assertThat(committer.rejected(deleteBucket(ANN)))
        .isEqualTo(ErrorReason.ERROR_REASON_BUCKET_NOT_EMPTY);
    committer.done(delete("k"));
    committer.done(deleteBucket(ANN));
    assertThat(committer.rejected(deleteBucket(ANN)))
        .isEqualTo(ErrorReason.ERROR_REASON_NO_SUCH_BUCKET);
    committer.done(createBucket(BOB, "bucket"));
  }

  @Test
  void aDeletedObjectLeavesNoRowWhereNoOtherSiteEverWas() {
    long rows = index.rowCount();
    committer.done(put("k", "v"));
    assertThat(index.rowCount()).isEqualTo(rows + 1);
    committer.done(delete("k"));
    assertThat(index.rowCount()).isEqualTo(rows);
  }

  @Test
  void ofADeletedBucketStaysThatItWasThere() {
    long rows = index.rowCount();
    committer.done(createBucket(ANN, "other"));
    committer.done(new Mutation.DeleteBucket(ANN, new skarb.node.model.BucketName("other")));
    assertThat(index.rowCount()).isEqualTo(rows + 2); // its creation and its deletion
  }

  @Test
  void anObjectIsWrittenByTheBucketsOwnerAlone() {
    Body body = Requests.body("v");
    assertThat(
            committer.rejected(
                new Mutation.PutObject(BOB, BUCKET, ObjectKey.of("k"), body, Requests.NONE)))
        .isEqualTo(ErrorReason.ERROR_REASON_ACCESS_DENIED);
    assertThat(
            committer.rejected(
                new Mutation.PutObject(
                    ANN,
                    new skarb.node.model.BucketName("nobody"),
                    ObjectKey.of("k"),
                    body,
                    Requests.NONE)))
        .isEqualTo(ErrorReason.ERROR_REASON_NO_SUCH_BUCKET);
  }

  @Test
  void anObjectGetsTheTimeOfItsCommitUnlessItBringsItsOwn() {
    assertThat(committer.done(put("k", "v")).answer())
        .isEqualTo(new Committed.ObjectPut(Optional.empty(), 1_000_000));
    Body old = Requests.body("v").toBuilder().setModifiedMillis(5).build();
    assertThat(
            committer
                .done(new Mutation.PutObject(ANN, BUCKET, ObjectKey.of("k"), old, Requests.NONE))
                .answer())
        .isEqualTo(new Committed.ObjectPut(Optional.empty(), 5));
  }

  @Test
  void ifMatchWantsTheTagThatIsCurrentAtTheCommit() {
    assertThat(committer.rejected(put("k", "w", ifMatch(etag("v")))))
        .isEqualTo(ErrorReason.ERROR_REASON_NO_SUCH_KEY);
    assertThat(committer.rejected(put("k", "w", ifMatch("*"))))
        .isEqualTo(ErrorReason.ERROR_REASON_NO_SUCH_KEY);
    committer.done(put("k", "v"));
    committer.done(put("k", "w", ifMatch(etag("v"))));
    assertThat(
            committer.rejection(Requests.submission(put("k", "x", ifMatch(etag("v"))))).metadata())
        .containsEntry("condition", "If-Match");
    committer.done(put("k", "x", ifMatch("*")));
  }

  @Test
  void ifNoneMatchWantsNothingThere() {
    committer.done(put("k", "v", ifNoneMatch("*")));
    assertThat(committer.rejected(put("k", "w", ifNoneMatch("*"))))
        .isEqualTo(ErrorReason.ERROR_REASON_PRECONDITION_FAILED);
    committer.done(put("k", "w", ifNoneMatch(etag("other"))));
    committer.done(delete("k"));
    committer.done(put("k", "v", ifNoneMatch("*")));
  }

  @Test
  void deletingWhatIsNotThereSucceedsAndWritesNothing() {
    int before = committer.records().size();
    Committed committed = committer.done(delete("k"));
    assertThat(committed.written()).isEmpty();
    assertThat(committed.answer())
        .isEqualTo(new Committed.ObjectDeleted(false, Optional.empty(), false));
    assertThat(committer.done(delete("k", ifMatch(etag("v")))).written()).isEmpty();
    assertThat(committer.records()).hasSize(before);
  }

  @Test
  void aConditionalDeleteWantsItsTag() {
    committer.done(put("k", "v"));
    assertThat(committer.rejected(delete("k", ifMatch(etag("w")))))
        .isEqualTo(ErrorReason.ERROR_REASON_PRECONDITION_FAILED);
    assertThat(committer.done(delete("k", ifMatch(etag("v")))).answer())
        .isEqualTo(new Committed.ObjectDeleted(true, Optional.empty(), false));
  }

  @Test
  void theNullVersionIsDeletedByItsIdAndOthersAreNotThere() {
    committer.done(put("k", "v"));
    assertThat(committer.done(deleteVersion("f".repeat(32))).written()).isEmpty();
    assertThat(committer.done(deleteVersion("null")).answer())
        .isEqualTo(new Committed.ObjectDeleted(true, Optional.of(VersionId.NULL), false));
  }

  @Test
  void anEntryIsStampedAboveWhatItSupersedesThoughTheWallClockWentBack() {
    Committed first = committer.done(put("k", "v"));
    wall.set(999_000);
    Committed second = committer.done(put("k", "w"));
    assertThat(second.written().orElseThrow().order())
        .isGreaterThan(first.written().orElseThrow().order());
  }

  @Test
  void writesAreRefusedWhileTheOwnClockIsFarAheadOfTheWallClock() {
    wall.set(1_000_000 - 60_001);
    assertThat(committer.rejection(Requests.submission(put("k", "v"))).metadata())
        .containsEntry("ahead_millis", "60001");
    wall.set(1_000_000 - 60_000);
    committer.done(put("k", "v"));
  }

  @Test
  void whatACallersAttributesHoldOfALaterReleaseIsLeftOut() throws Exception {
    UnknownFieldSet later =
        UnknownFieldSet.newBuilder()
            .addField(999, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
            .build();
    Body body =
        Requests.body("v").toBuilder()
            .setAttributes(ObjectAttributes.newBuilder().setUnknownFields(later))
            .build();
    committer.done(new Mutation.PutObject(ANN, BUCKET, ObjectKey.of("k"), body, Requests.NONE));
  }

  @Test
  void whatIsSaidAboutAnObjectIsBounded() {
    Body body =
        Body.newBuilder()
            .setEtag(ByteString.copyFrom(new byte[Mutation.PutObject.MAX_BODY_BYTES]))
            .build();
    assertThatThrownBy(
            () -> new Mutation.PutObject(ANN, BUCKET, ObjectKey.of("k"), body, Requests.NONE))
        .isInstanceOfSatisfying(
            NodeException.class,
            e -> assertThat(e.reason()).isEqualTo(ErrorReason.ERROR_REASON_METADATA_TOO_LARGE));
  }

  private static Mutation deleteVersion(String id) {
    return new Mutation.DeleteObject(
        ANN, BUCKET, ObjectKey.of("k"), Optional.of(VersionId.parse(id)), Requests.NONE);
  }
}
