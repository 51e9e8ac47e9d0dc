package skarb.node.index;

import com.google.protobuf.ByteString;
import java.util.List;
import skarb.node.index.EntryRejectedException.Reason;
import skarb.node.index.IndexView.RowEntry;
import skarb.node.model.EntryDot;
import skarb.node.model.UploadName;
import skarb.v1.CompletedUpload;
import skarb.v1.CompletedUploadRow;
import skarb.v1.Dot;
import skarb.v1.PartRow;
import skarb.v1.PartStored;
import skarb.v1.PartsRevision;
import skarb.v1.UploadEnded;
import skarb.v1.UploadForgotten;
import skarb.v1.UploadId;
import skarb.v1.UploadOpened;
import skarb.v1.UploadRow;

/// Adds the local records of uploads in parts to the rows. One that does not go with the uploads
/// that there are is MALFORMED: these records are of this site, in the order in which it wrote
/// them.
final class UploadRecords {
  private static final int STEP = 256;

  private UploadRecords() {}

  static void opened(RowChanges rows, UploadOpened opened) {
    UploadName upload = upload(opened.getUpload());
    RowKey row = row(opened.getBucket(), opened.getKey(), upload);
    check(opened.hasValue(), "an upload of nothing known");
    check(rows.get(UploadKeys.revision(upload)) == null, "an upload that is opened again");
    rows.put(row, UploadRow.newBuilder().setValue(opened.getValue()).build().toByteArray());
    putRevision(rows, upload, opened.getUpload().getHlc());
  }

  static void partStored(RowChanges rows, PartStored stored) {
    UploadName upload = upload(stored.getUpload());
    check(
        stored.getNumber() >= 1 && stored.getNumber() <= Uploads.MAX_PART_NUMBER,
        "a part with the number " + Integer.toUnsignedString(stored.getNumber()));
    check(stored.hasValue() && stored.getHlc() != 0, "a part of nothing known");
    check(rows.get(UploadKeys.revision(upload)) != null, "a part of an upload that is not open");
    rows.put(
        UploadKeys.part(upload, stored.getNumber()),
        PartRow.newBuilder().setValue(stored.getValue()).build().toByteArray());
    putRevision(rows, upload, stored.getHlc());
  }

  static void ended(RowChanges rows, UploadEnded ended) {
    UploadName upload = upload(ended.getUpload());
    RowKey row = row(ended.getBucket(), ended.getKey(), upload);
    check(rows.get(row) != null, "an end of an upload that is not open");
    CompletedUpload completed = ended.getCompleted();
    if (ended.hasCompleted()) {
      check(
          completed.getBucket().equals(ended.getBucket())
              && completed.getKey().equals(ended.getKey())
              && completed.getCompletedMillis() >= 0,
          "an upload that was completed elsewhere");
    }
    rows.remove(row);
    removeParts(rows, upload);
    if (ended.hasCompleted()) {
      rows.put(
          UploadKeys.completed(upload),
          CompletedUploadRow.newBuilder().setValue(completed).build().toByteArray());
      rows.put(UploadKeys.completedAt(completed.getCompletedMillis(), upload), new byte[0]);
    }
  }

  static void forgotten(RowChanges rows, UploadForgotten forgotten) {
    UploadName upload = upload(forgotten.getUpload());
    RowKey row = UploadKeys.completed(upload);
    byte[] value = rows.get(row);
    if (value == null) {
      throw malformed("a completed upload to forget that is not known");
    }
    CompletedUpload completed = Rows.parse(CompletedUploadRow.parser(), row, value).getValue();
    rows.remove(row);
    rows.remove(UploadKeys.completedAt(completed.getCompletedMillis(), upload));
  }

  private static void removeParts(RowChanges rows, UploadName upload) {
    KeyRange range = UploadKeys.allAboutParts(upload);
    while (true) {
      List<RowEntry> step = rows.scan(range.from(), range.to(), STEP);
      step.forEach(part -> rows.remove(part.key()));
      if (step.size() < STEP) {
        return;
      }
      range = range.startingAt(IndexKeys.after(step.getLast().key()));
    }
  }

  private static void putRevision(RowChanges rows, UploadName upload, long hlc) {
    rows.put(
        UploadKeys.revision(upload), PartsRevision.newBuilder().setHlc(hlc).build().toByteArray());
  }

  private static UploadName upload(UploadId id) {
    check(id.getHlc() != 0, "an upload without a name");
    return UploadName.of(id);
  }

  private static RowKey row(Dot bucket, ByteString key, UploadName upload) {
    check(bucket.getSequence() > 0, "an upload without its bucket");
    check(!key.isEmpty(), "an upload without its key");
    return UploadKeys.upload(EntryDot.of(bucket), key, upload);
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw malformed(what);
    }
  }

  private static EntryRejectedException malformed(String what) {
    return new EntryRejectedException(Reason.MALFORMED, what);
  }
}
