package skarb.node.index;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import skarb.node.index.IndexView.RowEntry;
import skarb.node.model.EntryDot;
import skarb.node.model.UploadName;
import skarb.v1.CompletedUpload;
import skarb.v1.CompletedUploadRow;
import skarb.v1.PartRow;
import skarb.v1.PartsRevision;
import skarb.v1.UploadRow;

/// What the rows say of uploads in parts, typed. As thread-safe as its view.
///
/// Parts are many and change while they are read. Who needs them as they stand together reads the
/// revision first and then the parts; if the revision is the same at the commit, so are the parts.
/// For the revision is the last of an upload's rows that a change makes visible.
public final class Uploads {
  /// The highest number of a part.
  public static final int MAX_PART_NUMBER = 10_000;

  private final IndexView rows;

  Uploads(IndexView rows) {
    this.rows = rows;
  }

  /// An open upload; empty where it is not open, or is of another bucket or key.
  public Optional<OpenUpload> find(EntryDot incarnation, ByteString key, UploadName name) {
    RowKey row = UploadKeys.upload(incarnation, key, name);
    byte[] value = rows.get(row);
    return value == null ? Optional.empty() : Optional.of(upload(new RowEntry(row, value)));
  }

  /// Some open uploads of a bucket, in order of their keys.
  public List<OpenUpload> ofBucket(EntryDot incarnation, int limit) {
    KeyRange range = UploadKeys.uploadsOfPrefix(incarnation, ByteString.EMPTY);
    return rows.scan(range.from(), range.to(), limit).stream().map(Uploads::upload).toList();
  }

  /// When the parts of an upload changed last; empty where it is not open.
  public OptionalLong revision(UploadName name) {
    RowKey row = UploadKeys.revision(name);
    byte[] value = rows.get(row);
    return value == null
        ? OptionalLong.empty()
        : OptionalLong.of(Rows.parse(PartsRevision.parser(), row, value).getHlc());
  }

  /// Parts in order of their numbers.
  ///
  /// @param afterNumber only numbers above it; 0 for all
  public List<UploadPart> parts(UploadName name, int afterNumber, int limit) {
    if (afterNumber >= MAX_PART_NUMBER) {
      return List.of();
    }
    KeyRange range = UploadKeys.partsAfter(name, afterNumber);
    List<UploadPart> parts = new ArrayList<>();
    for (RowEntry row : rows.scan(range.from(), range.to(), limit)) {
      parts.add(
          new UploadPart(
              UploadKeys.parseNumber(row.key()),
              Rows.parse(PartRow.parser(), row.key(), row.value()).getValue()));
    }
    return parts;
  }

  /// What is remembered of a completed upload; empty where nothing is.
  public Optional<CompletedUpload> completed(UploadName name) {
    RowKey row = UploadKeys.completed(name);
    byte[] value = rows.get(row);
    return value == null
        ? Optional.empty()
        : Optional.of(Rows.parse(CompletedUploadRow.parser(), row, value).getValue());
  }

  /// A completed upload that is remembered.
  ///
  /// @param millis when it was completed
  public record Completion(UploadName name, long millis) {}

  /// The completed uploads that are remembered, the oldest first.
  public List<Completion> oldestCompletions(int limit) {
    KeyRange range = UploadKeys.completions();
    List<Completion> oldest = new ArrayList<>();
    for (RowEntry row : rows.scan(range.from(), range.to(), limit)) {
      oldest.add(
          new Completion(
              UploadKeys.nameAtEnd(row.key()), UploadKeys.parseCompletedMillis(row.key())));
    }
    return oldest;
  }

  static OpenUpload upload(RowEntry row) {
    return new OpenUpload(
        UploadKeys.parseKey(row.key()),
        UploadKeys.nameAtEnd(row.key()),
        Rows.parse(UploadRow.parser(), row.key(), row.value()).getValue());
  }
}
