package skarb.node.index;

import java.io.IOException;

/// The derived state: rows that the entries in the journal add up to. It can be thrown away and
/// made again from the journal, to the same digest. `MemoryIndex` and `MapDbIndex` obey one
/// contract suite.
///
/// Batches are applied in order by one thread, after they were forced. Reads are for any thread and
/// are never blocked by an apply or a checkpoint.
public interface Index extends IndexView, AutoCloseable {

  /// Applies the rows that a batch changed. May wait while the memory budget for rows that are not
  /// yet in a checkpoint is used up: this is what pushes back on writers. Readers meanwhile see the
  /// rows change in the order of their keys ([Uploads] rests on that).
  ///
  /// @param batch the batch's number in the journal, one above [#appliedBatch] (a batch that
  ///   changes no row is applied too)
  /// @throws IllegalStateException for a batch out of order, or when the index has failed
  void apply(long batch, RowChanges changes);

  /// Asked before a batch is made durable: a failure that is known must refuse it unwritten, not
  /// fail it when it is on disk.
  ///
  /// @throws IllegalStateException if [#apply] would throw, since the index has failed or is closed
  void mustTakeBatches();

  /// The last batch that was applied. After opening: the last one that the checkpoint holds; the
  /// journal is replayed from the one after it.
  long appliedBatch();

  /// Up to which batch everything is in a durable checkpoint; 0 where there is none.
  long checkpointBatch();

  /// How many rows.
  long rowCount();

  /// The digest over all rows: a multiset hash, so independent of order and history.
  StateDigest digest();

  /// Closes the files. Does not wait for a checkpoint.
  @Override
  void close() throws IOException;
}
