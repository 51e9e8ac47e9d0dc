package skarb.node.content;

import skarb.node.disk.ChunkRecordFormat;

/// How bodies are cut and bounded.
///
/// @param chunkBytes the most bytes of a chunk; 4 MiB save in tests
/// @param journaledBytes up to this many bytes a body rides in the journal beside its entry
/// @param parallelBytes beyond this many bytes a body's digests run on threads of their own
/// @param maxBodyBytes the longest body
public record ContentConfig(
    int chunkBytes, int journaledBytes, long parallelBytes, long maxBodyBytes) {

  public ContentConfig {
    if (chunkBytes < 1 || chunkBytes > ChunkRecordFormat.MAX_CHUNK_BYTES) {
      throw new IllegalArgumentException("chunks of 1 byte to 4 MiB, not " + chunkBytes);
    }
    if (journaledBytes > chunkBytes) {
      throw new IllegalArgumentException("a body in the journal is one chunk");
    }
  }

  /// The usual bounds: chunks of 4 MiB, bodies up to 32 KiB in the journal, parallel digests from 1
  /// MiB, bodies of 5 GiB.
  public static ContentConfig standard() {
    return new ContentConfig(ChunkRecordFormat.MAX_CHUNK_BYTES, 32 << 10, 1 << 20, 5L << 30);
  }
}
