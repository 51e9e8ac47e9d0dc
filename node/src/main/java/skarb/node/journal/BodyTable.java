package skarb.node.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import skarb.node.journal.FileJournal.BodyConsumer;
import skarb.node.model.ChunkId;
import skarb.node.model.ChunkPlace;

/// Which bodies lie in a file of the journal, and where: the footer's list in its encoded form, 44
/// bytes a body, while the file is written. Bounded by the file's size. One thread at a time.
final class BodyTable {
  static final int ENTRY_BYTES = ChunkId.BYTES + Long.BYTES + Integer.BYTES;

  private byte[] bytes;
  private int length;

  BodyTable() {
    this(new byte[0]);
  }

  private BodyTable(byte[] bytes) {
    this.bytes = bytes;
    this.length = bytes.length;
  }

  /// The rest of a footer's body.
  static BodyTable readFrom(ByteBuffer source) {
    byte[] bytes = new byte[source.remaining()];
    source.get(bytes);
    return new BodyTable(bytes);
  }

  int count() {
    return length / ENTRY_BYTES;
  }

  void add(ChunkId id, long position, int chunkLength) {
    if (length == bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(16 * ENTRY_BYTES, 2 * length));
    }
    ByteBuffer.wrap(bytes, length, ENTRY_BYTES)
        .put(id.toBytes())
        .putLong(position)
        .putInt(chunkLength);
    length += ENTRY_BYTES;
  }

  /// Forgets all but the first.
  void truncate(int count) {
    length = Math.min(length, count * ENTRY_BYTES);
  }

  /// The entries, encoded.
  ByteBuffer encoded() {
    return ByteBuffer.wrap(bytes, 0, length).slice();
  }

  /// Hands over all bodies.
  ///
  /// @param file the number of the file
  void forEach(long file, BodyConsumer consumer) throws IOException {
    ByteBuffer entries = encoded();
    while (entries.hasRemaining()) {
      ChunkId id = ChunkId.readFrom(entries);
      long position = entries.getLong();
      consumer.accept(
          id, new ChunkPlace(ChunkPlace.Home.JOURNAL, file, position, entries.getInt()));
    }
  }
}
