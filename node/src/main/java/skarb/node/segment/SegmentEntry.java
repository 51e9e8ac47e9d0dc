package skarb.node.segment;

import skarb.node.disk.ChunkRecordFormat;
import skarb.node.model.ChunkId;
import skarb.node.model.ChunkPlace;

/// A chunk in a segment.
///
/// @param id its name
/// @param position the first byte of its record, from the start of the segment
/// @param length bytes of the chunk
record SegmentEntry(ChunkId id, long position, int length) {
  /// The first byte after its record.
  long end() {
    return position + ChunkRecordFormat.recordLength(length);
  }

  ChunkPlace placeIn(long segment) {
    return new ChunkPlace(ChunkPlace.Home.SEGMENT, segment, position, length);
  }
}
