package skarb.node.segment;

import java.nio.ByteBuffer;
import skarb.node.model.ChunkId;

/// Says "certainly not" or "perhaps" of a chunk: 10 bits and 7 probes for each, so that one answer
/// in 120 is a "perhaps" in vain. A SHA-256 is random enough to be its own hash: the probes step
/// from its word 1 by its word 2 (Kirsch and Mitzenmacher's double hashing).
final class BloomFilter {
  static final int PROBES = 7;
  private static final int BITS_PER_CHUNK = 10;

  private final ByteBuffer bits;
  private final int probes;

  private BloomFilter(ByteBuffer bits, int probes) {
    this.bits = bits;
    this.probes = probes;
  }

  /// An empty one with room for that many chunks.
  static BloomFilter sizedFor(int chunks) {
    int words = Math.max(1, (chunks * BITS_PER_CHUNK + Long.SIZE - 1) / Long.SIZE);
    return new BloomFilter(ByteBuffer.allocate(words * Long.BYTES), PROBES);
  }

  /// One that was stored.
  ///
  /// @param bits its bytes, all of the buffer; at least one
  static BloomFilter of(ByteBuffer bits, int probes) {
    return new BloomFilter(bits.slice(), probes);
  }

  void add(ChunkId id) {
    for (int probe = 0; probe < probes; probe++) {
      long bit = bit(id, probe);
      int at = (int) (bit >>> 3);
      bits.put(at, (byte) (bits.get(at) | 1 << (bit & 7)));
    }
  }

  boolean mayHold(ChunkId id) {
    for (int probe = 0; probe < probes; probe++) {
      long bit = bit(id, probe);
      if ((bits.get((int) (bit >>> 3)) & 1 << (bit & 7)) == 0) {
        return false;
      }
    }
    return true;
  }

  /// Its bytes.
  ByteBuffer bytes() {
    return bits.duplicate().clear();
  }

  private long bit(ChunkId id, int probe) {
    return Long.remainderUnsigned(id.word1() + probe * (id.word2() | 1), 8L * bits.capacity());
  }
}
