package skarb.node.index;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import skarb.node.model.EntryDot;
import skarb.node.model.EntryOrder;
import skarb.node.model.Hlc;
import skarb.node.model.OriginId;
import skarb.node.model.UploadName;

/// The keys of the rows of uploads in parts. They stand in the table of [IndexKeys].
///
/// The revision of an upload's parts has the highest number among them: rows become visible in the
/// order of their keys, so whoever sees a revision sees the parts that it is about.
final class UploadKeys {
  private static final byte UPLOAD = 0x30;
  private static final byte PART = 0x31;
  private static final byte COMPLETED = 0x32;
  private static final byte COMPLETED_AT = 0x33;

  private static final int REVISION = 0xffffffff;
  private static final int KEY_AT = 17;
  private static final int NAME_BYTES = 16;
  private static final int ESCAPED_END_BYTES = 2;

  private UploadKeys() {}

  /// An open upload.
  static RowKey upload(EntryDot incarnation, ByteString key, UploadName upload) {
    return uploadsWithKey(incarnation, key).put(upload.order()).key();
  }

  /// The open uploads of a key, in the order of their opening.
  static KeyRange uploadsOfKey(EntryDot incarnation, ByteString key) {
    return IndexKeys.startingWith(uploadsWithKey(incarnation, key));
  }

  /// The open uploads of keys that begin with a prefix.
  static KeyRange uploadsOfPrefix(EntryDot incarnation, ByteString prefix) {
    return IndexKeys.startingWith(
        new IndexKeys.Builder(KEY_AT + prefix.size() + 4)
            .put(UPLOAD)
            .put(incarnation)
            .putEscapedPrefix(prefix));
  }

  /// A part.
  static RowKey part(UploadName upload, int number) {
    return partsOf(upload).put(number).key();
  }

  /// When the parts changed last.
  static RowKey revision(UploadName upload) {
    return partsOf(upload).put(REVISION).key();
  }

  /// The parts with numbers above one, without the revision.
  static KeyRange partsAfter(UploadName upload, int number) {
    return new KeyRange(IndexKeys.after(part(upload, number)), revision(upload));
  }

  /// All that there is about the parts, the revision included.
  static KeyRange allAboutParts(UploadName upload) {
    return IndexKeys.startingWith(partsOf(upload));
  }

  /// What is remembered of a completed upload.
  static RowKey completed(UploadName upload) {
    return new IndexKeys.Builder(1 + NAME_BYTES).put(COMPLETED).put(upload.order()).key();
  }

  /// That an upload was completed at a time.
  static RowKey completedAt(long millis, UploadName upload) {
    return new IndexKeys.Builder(9 + NAME_BYTES)
        .put(COMPLETED_AT)
        .put(millis)
        .put(upload.order())
        .key();
  }

  /// What [#completedAt] makes, the oldest first.
  static KeyRange completions() {
    return IndexKeys.startingWith(new IndexKeys.Builder(1).put(COMPLETED_AT));
  }

  /// The object's key in the key of an open upload's row.
  static ByteString parseKey(RowKey row) {
    byte[] bytes = row.bytes();
    ByteString.Output key = ByteString.newOutput(bytes.length);
    int end = bytes.length - NAME_BYTES - ESCAPED_END_BYTES;
    for (int at = KEY_AT; at < end; at++) {
      key.write(bytes[at]);
      if (bytes[at] == 0) {
        at++; // what escapes it
      }
    }
    return key.toByteString();
  }

  /// The number in the key of a part.
  static int parseNumber(RowKey row) {
    return ByteBuffer.wrap(row.bytes()).getInt(1 + NAME_BYTES);
  }

  /// The time in a key of [#completedAt].
  static long parseCompletedMillis(RowKey row) {
    return ByteBuffer.wrap(row.bytes()).getLong(1);
  }

  /// The upload at the end of the key of an open or a completed one.
  static UploadName nameAtEnd(RowKey row) {
    ByteBuffer bytes = ByteBuffer.wrap(row.bytes());
    bytes.position(bytes.limit() - NAME_BYTES);
    return new UploadName(new EntryOrder(new Hlc(bytes.getLong()), new OriginId(bytes.getLong())));
  }

  private static IndexKeys.Builder uploadsWithKey(EntryDot incarnation, ByteString key) {
    return new IndexKeys.Builder(KEY_AT + key.size() + ESCAPED_END_BYTES + NAME_BYTES)
        .put(UPLOAD)
        .put(incarnation)
        .putEscaped(key);
  }

  private static IndexKeys.Builder partsOf(UploadName upload) {
    return new IndexKeys.Builder(1 + NAME_BYTES + 4).put(PART).put(upload.order());
  }
}
