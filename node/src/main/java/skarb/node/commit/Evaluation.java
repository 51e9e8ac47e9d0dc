package skarb.node.commit;

import java.util.List;
import java.util.Optional;
import skarb.node.model.EntryDot;
import skarb.node.model.EntryOrder;
import skarb.node.model.Hlc;
import skarb.node.model.NodeException;
import skarb.v1.Dot;
import skarb.v1.Effect;
import skarb.v1.LocalRecord;
import skarb.v1.Scope;
import skarb.v1.SyncPosition;

/// What became of a mutation when it was held against the rows.
sealed interface Evaluation {

  /// It is refused: nothing is written.
  record Rejected(NodeException reason) implements Evaluation {}

  /// It holds already: nothing needs writing.
  record Holds(Committed.Answer answer) implements Evaluation {}

  /// An entry is to be written.
  ///
  /// @param superseded the highest stamp among the rows that it sets anew; the entry's is above it
  /// @param replaces the dots of the rows that were current and that it displaces
  /// @param draft what it says, once it has its stamp
  record Write(Hlc superseded, List<Dot> replaces, Draft draft) implements Evaluation {}

  /// Only local records are to be written: what is true of this site alone, such as an open upload.
  ///
  /// @param draft what they say, once they have their stamp
  record WriteLocal(LocalDraft draft) implements Evaluation {}

  /// What local records say, as a function of a stamp that no entry and no other draft has.
  interface LocalDraft {
    /// Pure.
    LocalEffects at(EntryOrder stamp);
  }

  /// What local records say.
  ///
  /// @param records what is true of this site alone
  /// @param answer what the caller is told
  record LocalEffects(List<LocalRecord> records, Committed.Answer answer) {}

  /// Entries of other sites are to be logged.
  record Log(List<Mutation.ReceivedEntry> entries, Optional<SyncPosition> position)
      implements Evaluation {}

  /// Entries that were pending are to act, where they can by now.
  record Release(List<Mutation.PendingEntry> entries) implements Evaluation {}

  /// What an entry says, as a function of its own name and stamp.
  interface Draft {
    /// Pure.
    Effects at(EntryDot dot, EntryOrder order);
  }

  /// What an entry says.
  ///
  /// @param scopes what it is about
  /// @param effects what happened
  /// @param local what is true of this site alone, in the same batch after the entry
  /// @param answer what the caller is told
  record Effects(
      List<Scope> scopes, List<Effect> effects, List<LocalRecord> local, Committed.Answer answer) {
    Effects(Scope scope, List<Effect> effects, List<LocalRecord> local, Committed.Answer answer) {
      this(List.of(scope), effects, local, answer);
    }
  }
}
