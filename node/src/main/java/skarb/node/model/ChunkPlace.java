package skarb.node.model;

/// Where a chunk's record lies. Physical: derived from frames and footers, never journaled.
///
/// @param home the kind of file
/// @param file the file's number
/// @param position the first byte of the record's header, from the start of the file
/// @param length bytes of the chunk itself
public record ChunkPlace(Home home, long file, long position, int length) {

  /// The kinds of file that hold chunks.
  public enum Home {
    /// A frame of the journal.
    JOURNAL,
    /// A segment.
    SEGMENT
  }
}
