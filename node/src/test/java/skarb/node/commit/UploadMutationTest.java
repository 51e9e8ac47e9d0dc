package skarb.node.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static skarb.node.commit.Requests.ANN;
import static skarb.node.commit.Requests.BUCKET;

import com.google.protobuf.ByteString;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import skarb.node.index.Catalog;
import skarb.node.index.Join;
import skarb.node.index.MemoryIndex;
import skarb.node.index.ObjectVersion;
import skarb.node.index.RowChanges;
import skarb.node.model.ObjectKey;
import skarb.node.model.UploadName;
import skarb.v1.CompletedUpload;
import skarb.v1.ErrorReason;
import skarb.v1.PartValue;

/// The rules of uploads in parts and of copies.
class UploadMutationTest {
  private static final long DAY_MILLIS = 24 * 60 * 60 * 1000L;

  private final ManualClock wall = new ManualClock(1_000_000);
  private final MemoryIndex index = new MemoryIndex();
  private final DirectCommitter committer = new DirectCommitter(index, wall);

  @BeforeEach
  void makeBucket() {
    committer.done(Requests.createBucket());
  }

  @Test
  void uploadIsNamedByItsStampAndCarriesItsTime() {
    UploadName one = open("k");
    UploadName two = open("k");
    assertThat(two).isGreaterThan(one);
    assertThat(UploadName.parse(one.text())).contains(one);
    assertThat(one.order().hlc().millis()).isEqualTo(1_000_000);
  }

  @Test
  void completionWritesTheObjectAndLeavesNoRowOfTheUpload() {
    long rows = index.rowCount();
    UploadName upload = open("k");
    committer.done(UploadRequests.part("k", upload, 1, "x"));
    committer.done(UploadRequests.part("k", upload, 2, "y"));
    assertThat(complete("k", upload)).isInstanceOf(Committed.UploadCompleted.class);
    assertThat(UploadRequests.object(index, "k")).contains("1=x,2=y");
    assertThat(UploadRequests.isOpen(index, "k", upload)).isFalse();
    // the object, what is remembered of the upload, and when it was completed
    assertThat(index.rowCount()).isEqualTo(rows + 3);
  }

  @Test
  void abortLeavesNoRowAtAll() {
    long rows = index.rowCount();
    UploadName upload = open("k");
    committer.done(UploadRequests.part("k", upload, 1, "x"));
    committer.done(UploadRequests.abort("k", upload));
    assertThat(index.rowCount()).isEqualTo(rows);
    assertThat(committer.rejected(UploadRequests.abort("k", upload)))
        .isEqualTo(ErrorReason.ERROR_REASON_NO_SUCH_UPLOAD);
    assertThat(committer.rejected(UploadRequests.part("k", upload, 1, "x")))
        .isEqualTo(ErrorReason.ERROR_REASON_NO_SUCH_UPLOAD);
  }

  @Test
  void completionIsPreparedAgainWhereThePartsMoved() {
    UploadName upload = open("k");
    committer.done(UploadRequests.part("k", upload, 1, "x"));
    Mutation stale = UploadRequests.complete(index, "k", upload, "");
    committer.done(UploadRequests.part("k", upload, 1, "x"));
    assertThat(committer.done(stale).answer()).isEqualTo(new Committed.PrepareAgain());
    assertThat(UploadRequests.object(index, "k")).isEmpty();
    assertThat(complete("k", upload)).isInstanceOf(Committed.UploadCompleted.class);
  }

  @Test
  void sameCompletionGivesTheSameAnswerForADay() {
    UploadName upload = open("k");
    committer.done(UploadRequests.part("k", upload, 1, "x"));
    Mutation complete = UploadRequests.complete(index, "k", upload, "token");
    Committed.Answer answer = committer.done(complete).answer();
    assertThat(committer.done(complete).answer()).isEqualTo(answer);
    Mutation sameToken = UploadRequests.complete(index, "k", upload, "token");
    assertThat(committer.done(sameToken).answer()).isEqualTo(answer);
    Mutation another = UploadRequests.complete(index, "k", upload, "");
    assertThat(committer.rejected(another)).isEqualTo(ErrorReason.ERROR_REASON_NO_SUCH_UPLOAD);
    wall.advance(DAY_MILLIS);
    complete("l", openWithPart("l"));
    assertThat(committer.done(complete).answer()).isEqualTo(answer);
    wall.advance(1);
    complete("m", openWithPart("m"));
    assertThat(committer.rejected(complete)).isEqualTo(ErrorReason.ERROR_REASON_NO_SUCH_UPLOAD);
  }

  @Test
  void eachCompletionForgetsTwoOfTheOldestThatAreOver() {
    for (int i = 0; i < 5; i++) {
      complete("k", openWithPart("k"));
      wall.advance(1);
    }
    wall.advance(DAY_MILLIS);
    assertThat(remembered()).isEqualTo(5);
    complete("k", openWithPart("k"));
    assertThat(remembered()).isEqualTo(4);
    complete("k", openWithPart("k"));
    complete("k", openWithPart("k"));
    assertThat(remembered()).isEqualTo(3);
  }

  @Test
  void refusedConditionLeavesTheUploadOpen() {
    UploadName upload = openWithPart("k");
    Mutation.CompleteUpload complete = UploadRequests.complete(index, "k", upload, "");
    Mutation.PutObject object = complete.object();
    Mutation guarded =
        new Mutation.CompleteUpload(
            new Mutation.PutObject(
                ANN, BUCKET, object.key(), object.body(), Requests.ifMatch("another")),
            upload,
            complete.revision(),
            complete.partsHash(),
            "");
    assertThat(committer.rejected(guarded)).isEqualTo(ErrorReason.ERROR_REASON_NO_SUCH_KEY);
    assertThat(UploadRequests.isOpen(index, "k", upload)).isTrue();
    assertThat(committer.done(complete).answer()).isInstanceOf(Committed.UploadCompleted.class);
  }

  @Test
  void uploadsOfADeletedBucketAreOutOfReach() {
    UploadName upload = openWithPart("k");
    committer.done(Requests.deleteBucket(ANN));
    committer.done(Requests.createBucket());
    assertThat(committer.rejected(UploadRequests.part("k", upload, 2, "x")))
        .isEqualTo(ErrorReason.ERROR_REASON_NO_SUCH_UPLOAD);
  }

  @Test
  void uploadsOfADeletedBucketAreEndedAFewAtATime() {
    Mutation end =
        new Mutation.EndUploads(
            new Catalog(index).bucket(BUCKET.value()).orElseThrow().incarnation());
    for (int i = 0; i < 20; i++) {
      openWithPart("k" + i);
    }
    assertThat(committer.done(end).answer()).isEqualTo(new Committed.UploadsEnded(0));
    committer.done(Requests.deleteBucket(ANN));
    assertThat(committer.done(end).answer()).isEqualTo(new Committed.UploadsEnded(16));
    assertThat(committer.done(end).answer()).isEqualTo(new Committed.UploadsEnded(4));
    assertThat(committer.done(end).answer()).isEqualTo(new Committed.UploadsEnded(0));
    assertThat(index.rowCount()).isEqualTo(4); // the origin's, and that the bucket was there
  }

  @Test
  void copyIsPreparedAgainWhereItsSourceChanged() {
    committer.done(Requests.put("k", "x"));
    Mutation copy = copy("k", "l");
    Mutation copyPart = copyPart("k", "l", open("l"));
    committer.done(Requests.put("k", "x"));
    assertThat(committer.done(copy).answer()).isEqualTo(new Committed.PrepareAgain());
    assertThat(committer.done(copyPart).answer()).isEqualTo(new Committed.PrepareAgain());
    Mutation again = copy("k", "l");
    assertThat(committer.done(again).answer()).isInstanceOf(Committed.ObjectPut.class);
    committer.done(Requests.delete("k"));
    assertThat(committer.done(again).answer()).isEqualTo(new Committed.PrepareAgain());
  }

  @Test
  void recordsAddUpToTheSameRows() {
    UploadName upload = openWithPart("k");
    openWithPart("l");
    complete("k", upload);
    committer.done(UploadRequests.abort("l", openWithPart("l")));
    MemoryIndex again = new MemoryIndex();
    RowChanges changes = new RowChanges(again);
    for (ByteString record : committer.records()) {
      Join.replay(changes, record);
    }
    again.apply(1, changes);
    assertThat(again.digest()).isEqualTo(index.digest());
  }

  private UploadName open(String key) {
    Committed committed = committer.done(UploadRequests.open(key));
    return ((Committed.UploadOpened) committed.answer()).upload();
  }

  private UploadName openWithPart(String key) {
    UploadName upload = open(key);
    committer.done(UploadRequests.part(key, upload, 1, "x"));
    return upload;
  }

  private Committed.Answer complete(String key, UploadName upload) {
    return committer.done(UploadRequests.complete(index, key, upload, "")).answer();
  }

  private int remembered() {
    return new Catalog(index).uploads().oldestCompletions(100).size();
  }

  private Mutation copy(String from, String to) {
    Mutation.CopiedVersion source = source(from);
    return new Mutation.CopyObject(
        new Mutation.PutObject(
            ANN, BUCKET, ObjectKey.of(to), source.version().body(), Requests.NONE),
        source);
  }

  private Mutation copyPart(String from, String to, UploadName upload) {
    return new Mutation.PutPart(
        ANN,
        BUCKET,
        ObjectKey.of(to),
        upload,
        1,
        PartValue.getDefaultInstance(),
        Optional.of(source(from)));
  }

  private Mutation.CopiedVersion source(String key) {
    Catalog catalog = new Catalog(index);
    var incarnation = catalog.bucket(BUCKET.value()).orElseThrow().incarnation();
    ObjectVersion version = catalog.current(incarnation, ObjectKey.of(key).bytes()).orElseThrow();
    return new Mutation.CopiedVersion(BUCKET, incarnation, ObjectKey.of(key), version);
  }

  @Test
  void whatIsRememberedNamesTheEntryThatWroteTheObject() {
    UploadName upload = openWithPart("k");
    Committed committed = committer.done(UploadRequests.complete(index, "k", upload, "token"));
    CompletedUpload completed = ((Committed.UploadCompleted) committed.answer()).completed();
    assertThat(completed.getWritten()).isEqualTo(committed.written().orElseThrow().dot().toProto());
    assertThat(completed.getIdempotencyToken()).isEqualTo("token");
    assertThat(completed.getCompletedMillis()).isEqualTo(1_000_000);
  }
}
