package skarb.node.recovery;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import skarb.node.index.EntryRejectedException;
import skarb.node.index.Index;
import skarb.node.index.IndexRebuild;
import skarb.node.index.Join;
import skarb.node.index.RowChanges;
import skarb.node.journal.CommitLog;

/// Brings an index up to the end of the journal. The journal is the truth and the index a cache of
/// what it adds up to: whatever the index lacks is replayed, and an index that cannot be of this
/// journal is thrown away and made again from the first batch, to the same digest.
///
/// ```
///  1. open the index as it was left
///  2. is it ahead of the journal?  it cannot be believed: make it again
///     is it empty, and the journal is not?  make it again
///     (the same if a batch does not follow from its rows: step 3)
///  3. for each batch after the index's last one, in order:
///       join its records into the rows, which checks that each entry follows, by number and by
///       hash, the one before it of its origin; apply the rows to the index
/// ```
///
/// To make it again is step 3 from the first batch on over an [IndexRebuild], which then writes the
/// index in one go.
///
/// Local records are repeated and never judged again, by the clock least of all, so that a replay
/// ends in the state that the running node had. The stamps of the clock and the numbers of the
/// chain are rows like others: the committer reads them from the index that comes out.
public final class Recovery {
  private final CommitLog log;
  private final IndexSource indexes;
  private final Progress progress;

  /// @param log opened, its torn tail cut
  /// @param indexes where the index comes from
  /// @param progress told after each batch
  public Recovery(CommitLog log, IndexSource indexes, Progress progress) {
    this.log = log;
    this.indexes = indexes;
    this.progress = progress;
  }

  /// Where the index comes from.
  public interface IndexSource {
    /// The index as it was left, or an empty one.
    Index open() throws IOException;

    /// Throws away what is there and begins again.
    IndexRebuild recreate() throws IOException;
  }

  /// Is told how far the replay is.
  @FunctionalInterface
  public interface Progress {
    /// @param batch the batch that was replayed last
    /// @param lastBatch the one that the replay ends with
    void replayed(long batch, long lastBatch);

    /// The replay of a rebuild is done, and its rows are being written.
    ///
    /// @param rows how many are
    /// @param allRows how many will be
    default void loaded(long rows, long allRows) {}
  }

  /// How it went.
  ///
  /// @param index at the end of the journal
  /// @param replayedBatches how many batches it lacked
  /// @param notes what somebody who runs the node should know, a sentence each; mostly none
  public record Recovered(Index index, long replayedBatches, List<String> notes) {
    public Recovered {
      notes = List.copyOf(notes);
    }
  }

  /// Opens the index and replays what it lacks.
  ///
  /// @throws IOException if the journal cannot be read or does not hold together; the index is then
  ///   closed again
  public Recovered recover() throws IOException {
    List<String> notes = new ArrayList<>();
    Index index = indexes.open();
    if (index.appliedBatch() > log.lastBatch()) {
      notes.add(
          "The index held batch "
              + index.appliedBatch()
              + " and the journal ends with "
              + log.lastBatch()
              + ": the journal lost its end, or is an older copy. The index was made again from it.");
      return rebuild(index, notes);
    }
    if (index.appliedBatch() == 0 && log.lastBatch() > 0) {
      return rebuild(index, notes);
    }
    long from = index.appliedBatch() + 1;
    try {
      replay(index, from);
    } catch (DoesNotFollowException e) {
      notes.add(
          "The index is not of this journal ("
              + e.getMessage()
              + "), or is damaged. It was made again from the journal.");
      return rebuild(index, notes);
    } catch (IOException | RuntimeException e) {
      index.close();
      throw e;
    }
    return new Recovered(index, index.appliedBatch() + 1 - from, notes);
  }

  private Recovered rebuild(Index left, List<String> notes) throws IOException {
    left.close();
    IndexRebuild rebuild = indexes.recreate();
    try {
      replay(rebuild, 1);
    } catch (IOException | RuntimeException e) {
      rebuild.close();
      throw e;
    }
    Index index = rebuild.finish(progress::loaded);
    return new Recovered(index, index.appliedBatch(), notes);
  }

  private void replay(Index index, long from) throws IOException {
    long last = log.lastBatch();
    log.replay(
        from,
        (batch, records) -> {
          index.apply(batch, join(index, batch, records));
          progress.replayed(batch, last);
        });
    if (index.appliedBatch() != last) {
      throw new IOException(
          "the journal's last batch is " + last + ", its replay ended at " + index.appliedBatch());
    }
  }

  private static RowChanges join(Index index, long batch, List<ByteString> records)
      throws IOException {
    RowChanges changes = new RowChanges(index);
    try {
      records.forEach(record -> Join.replay(changes, record));
    } catch (EntryRejectedException e) {
      throw new DoesNotFollowException(batch, e);
    }
    return changes;
  }

  /// A batch that cannot be joined to the rows: the journal does not hold together, or the rows are
  /// not what its earlier batches add up to.
  private static final class DoesNotFollowException extends IOException {
    private static final long serialVersionUID = 1L;

    DoesNotFollowException(long batch, EntryRejectedException cause) {
      super("batch " + batch + " of the journal does not follow from those before", cause);
    }
  }
}
