package skarb.node.journal;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.util.List;
import skarb.node.disk.EncodedChunk;
import skarb.node.model.ChunkPlace;

/// An ordered log of batches: the seam at which a consensus log could take the place of the local
/// file.
///
/// Guarantees: batches are numbered from 1 without gaps; a batch whose `append` returned survives
/// any crash, whole; one whose `append` did not return survives whole or not at all. After an
/// `append` threw, all further ones throw. One thread appends; any may replay what was appended.
public interface CommitLog extends AutoCloseable {

  /// Appends a batch and forces it.
  ///
  /// @param expectedBatch the number that this batch must get: [#lastBatch] + 1
  /// @param records serialised `JournalRecord`s, in order
  /// @param bodies small bodies that ride along, each in its record's form
  /// @return where each body lies, in the order of `bodies`
  /// @throws IllegalStateException if the log has moved: evaluate again
  /// @throws IOException if the write or the force failed, which is final
  List<ChunkPlace> append(long expectedBatch, List<ByteString> records, List<EncodedChunk> bodies)
      throws IOException;

  /// The number of the last batch; 0 where there is none.
  long lastBatch();

  /// Hands over batches in order, from the given number (inclusive) to the last one at the time of
  /// the call.
  ///
  /// @throws IOException if a batch does not verify, or the consumer threw it
  void replay(long fromBatch, BatchConsumer consumer) throws IOException;

  /// Writes the seal of a clean stop and closes the files. Idempotent.
  @Override
  void close() throws IOException;

  /// Takes batches.
  interface BatchConsumer {
    /// @param batch its number
    /// @param records serialised `JournalRecord`s, in order
    void accept(long batch, List<ByteString> records) throws IOException;
  }
}
