package skarb.node.segment;

import java.nio.file.Path;

/// What a start found in a segment that is not as it should be.
///
/// @param kind what it is
/// @param file the segment
/// @param offset where, from the start of the file
/// @param what for people
public record SegmentFinding(Kind kind, Path file, long offset, String what) {

  /// What was found.
  public enum Kind {
    /// The process ended while this was written. Nobody was told that it is durable, and it is gone
    /// now. Nothing is wrong.
    TORN_TAIL,
    /// A record that does not verify, with good ones behind it, or one that is there to its last
    /// byte. After a power cut it may be a write that was not forced, of which nobody was told that
    /// it is durable; else it is damage. Whether it is missed, a check of the rows tells. It stays
    /// where it is.
    BROKEN_RECORD,
    /// The file's header does not verify, or is another store's.
    DAMAGED_HEADER,
    /// The footer did not verify: damage, or a power cut while it was written. It was made anew
    /// from the records.
    BROKEN_FOOTER
  }

  /// Whether somebody should look into it: all but a torn tail.
  public boolean mayBeDamage() {
    return kind != Kind.TORN_TAIL;
  }

  @Override
  public String toString() {
    return file + " at " + offset + ": " + what;
  }
}
