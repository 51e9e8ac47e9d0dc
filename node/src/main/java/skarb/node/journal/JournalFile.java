package skarb.node.journal;

import java.nio.file.Path;

/// A file of the journal that has frames, or is about to.
///
/// @param lastBefore the number of the last batch before it
/// @param bytes its size
/// @param end where its frames end, once it is closed; 0 before
record JournalFile(long number, Path path, long generation, long lastBefore, long bytes, long end) {

  JournalFile closed(long newBytes, long newEnd) {
    return new JournalFile(number, path, generation, lastBefore, newBytes, newEnd);
  }
}
