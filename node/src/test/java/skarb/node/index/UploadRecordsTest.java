package skarb.node.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import skarb.node.model.EntryOrder;
import skarb.node.model.Hlc;
import skarb.node.model.OriginId;
import skarb.node.model.UploadName;
import skarb.v1.CompletedUpload;
import skarb.v1.Dot;
import skarb.v1.LocalRecord;
import skarb.v1.PartStored;
import skarb.v1.PartValue;
import skarb.v1.UploadEnded;
import skarb.v1.UploadForgotten;
import skarb.v1.UploadOpened;
import skarb.v1.UploadValue;

/// Local records of uploads that go with the rows, and some that do not.
class UploadRecordsTest {
  private static final UploadName UPLOAD =
      new UploadName(new EntryOrder(new Hlc(77), new OriginId(5)));
  private static final Dot BUCKET = Dot.newBuilder().setOrigin(5).setSequence(2).build();

  private final RowChanges rows = new RowChanges(new MemoryIndex());

  @Test
  void revisionFollowsTheParts() {
    apply(opened());
    assertThat(new Uploads(rows).revision(UPLOAD)).hasValue(77);
    apply(part(3, 90));
    apply(part(10_000, 91));
    assertThat(new Uploads(rows).revision(UPLOAD)).hasValue(91);
    assertThat(new Uploads(rows).parts(UPLOAD, 0, 10))
        .extracting(UploadPart::number)
        .containsExactly(3, 10_000);
    assertThat(new Uploads(rows).parts(UPLOAD, 3, 10))
        .extracting(UploadPart::number)
        .containsExactly(10_000);
  }

  @Test
  void endAndForgettingLeaveNothing() {
    apply(opened());
    apply(part(1, 90));
    apply(ended(completed -> completed));
    assertThat(new Uploads(rows).oldestCompletions(2))
        .containsExactly(new Uploads.Completion(UPLOAD, 1234));
    apply(forgotten());
    assertThat(rows.changes().values()).allMatch(java.util.Optional::isEmpty);
  }

  @Test
  void partsOfAnotherUploadStay() {
    UploadName next = new UploadName(new EntryOrder(new Hlc(77), new OriginId(6)));
    apply(opened());
    apply(
        LocalRecord.newBuilder()
            .setUploadOpened(opened().getUploadOpened().toBuilder().setUpload(next.toProto()))
            .build());
    apply(part(1, 90));
    apply(ended(completed -> completed));
    assertThat(new Uploads(rows).revision(next)).hasValue(77);
  }

  @Test
  void recordsThatDoNotGoWithTheRowsAreMalformed() {
    malformed(part(1, 90));
    malformed(ended(completed -> completed));
    malformed(forgotten());
    apply(opened());
    malformed(opened());
    malformed(part(0, 90));
    malformed(part(10_001, 90));
    malformed(part(1, 0));
    malformed(ended(completed -> completed.setKey(ByteString.copyFromUtf8("other"))));
    malformed(LocalRecord.newBuilder().setUploadOpened(UploadOpened.getDefaultInstance()).build());
    assertThat(rows.changes()).hasSize(2);
  }

  private void malformed(LocalRecord record) {
    Map<RowKey, ?> before = Map.copyOf(rows.changes());
    assertThatThrownBy(() -> apply(record))
        .isInstanceOfSatisfying(
            EntryRejectedException.class,
            e -> assertThat(e.reason()).isEqualTo(EntryRejectedException.Reason.MALFORMED));
    assertThat(Map.copyOf(rows.changes())).isEqualTo(before);
  }

  private void apply(LocalRecord record) {
    LocalRecords.apply(rows, record);
  }

  private static LocalRecord opened() {
    return LocalRecord.newBuilder()
        .setUploadOpened(
            UploadOpened.newBuilder()
                .setBucket(BUCKET)
                .setKey(ByteString.copyFromUtf8("k\0y"))
                .setUpload(UPLOAD.toProto())
                .setValue(UploadValue.newBuilder().setOwnerId("ann")))
        .build();
  }

  private static LocalRecord part(int number, long hlc) {
    return LocalRecord.newBuilder()
        .setPartStored(
            PartStored.newBuilder()
                .setUpload(UPLOAD.toProto())
                .setNumber(number)
                .setHlc(hlc)
                .setValue(PartValue.newBuilder().setModifiedMillis(1)))
        .build();
  }

  private static LocalRecord ended(UnaryOperator<CompletedUpload.Builder> change) {
    CompletedUpload.Builder completed =
        CompletedUpload.newBuilder()
            .setBucket(BUCKET)
            .setKey(ByteString.copyFromUtf8("k\0y"))
            .setCompletedMillis(1234);
    return LocalRecord.newBuilder()
        .setUploadEnded(
            UploadEnded.newBuilder()
                .setBucket(BUCKET)
                .setKey(ByteString.copyFromUtf8("k\0y"))
                .setUpload(UPLOAD.toProto())
                .setCompleted(change.apply(completed)))
        .build();
  }

  private static LocalRecord forgotten() {
    return LocalRecord.newBuilder()
        .setUploadForgotten(UploadForgotten.newBuilder().setUpload(UPLOAD.toProto()))
        .build();
  }
}
