package skarb.simulation;

import java.util.List;

/// What somebody was told, and between which batches of the site's journal.
///
/// Keys and entity tags are text, so that a trace reads the same in every run.
sealed interface Answer {
  /// Which site told it.
  int site();

  /// The last batch that could be read when it was asked.
  long from();

  /// The last batch that could be read when the answer came.
  long to();

  /// A body was stored.
  record Stored(int site, long from, long to, String bucket, String key, String tag)
      implements Answer {}

  /// A key, or a version of it, was deleted.
  record Deleted(int site, long from, long to, String bucket, String key, String versionId)
      implements Answer {}

  /// A body was read; an empty tag where there was none.
  record Read(int site, long from, long to, String bucket, String key, String tag)
      implements Answer {}

  /// All keys of a bucket were listed.
  record Listed(int site, long from, long to, String bucket, List<Item> items) implements Answer {}

  /// One line of a listing.
  record Item(String key, String tag) {}
}
