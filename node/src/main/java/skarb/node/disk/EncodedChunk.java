package skarb.node.disk;

import java.nio.ByteBuffer;
import java.util.List;
import skarb.node.model.ChunkId;

/// A chunk laid out as its record lies on disk, header and checksums included: ready for one
/// gathering write, into a segment or into a frame of the journal. `ChunkRecordFormat` makes and
/// reads it.
///
/// @param id the chunk's name
/// @param chunkLength bytes of the chunk itself
/// @param buffers the record's bytes in order; whoever writes them duplicates them first
/// @param recordLength bytes of the record
public record EncodedChunk(
    ChunkId id, int chunkLength, List<ByteBuffer> buffers, int recordLength) {
  public EncodedChunk {
    buffers = List.copyOf(buffers);
  }
}
