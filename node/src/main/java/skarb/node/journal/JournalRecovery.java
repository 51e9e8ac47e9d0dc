package skarb.node.journal;

import java.util.List;

/// What opening the journal found and did.
///
/// @param created whether there was no journal: the caller knows whether there should have been
/// @param sealed whether the last stop was a clean one
/// @param lastBatch the number of the last batch; 0 where there is none
/// @param files how many files there are
/// @param notes what was mended, in lines for people; empty after a clean stop
public record JournalRecovery(
    boolean created, boolean sealed, long lastBatch, int files, List<String> notes) {
  /// Copies the notes.
  public JournalRecovery {
    notes = List.copyOf(notes);
  }
}
