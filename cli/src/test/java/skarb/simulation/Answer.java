package skarb.simulation;

import com.google.protobuf.ByteString;
import java.util.List;

/// What somebody was told, and between which batches of the site's journal.
///
/// @param site which site told it
/// @param from the last batch that could be read when it was asked
/// @param to the last batch that could be read when the answer came
sealed interface Answer {
  int site();

  long from();

  long to();

  /// A body was stored.
  record Stored(int site, long from, long to, String bucket, ByteString key, ByteString tag)
      implements Answer {}

  /// A key, or a version of it, was deleted.
  record Deleted(int site, long from, long to, String bucket, ByteString key, String versionId)
      implements Answer {}

  /// A body was read; an empty tag where there was none.
  record Read(int site, long from, long to, String bucket, ByteString key, ByteString tag)
      implements Answer {}

  /// All keys of a bucket were listed.
  record Listed(int site, long from, long to, String bucket, List<Item> items) implements Answer {}

  /// One line of a listing.
  record Item(ByteString key, ByteString tag) {}
}
