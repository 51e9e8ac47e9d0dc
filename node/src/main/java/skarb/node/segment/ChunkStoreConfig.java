package skarb.node.segment;

import java.time.Duration;

/// The bounds of a chunk store.
///
/// @param openSegments how many segments are written to at once
/// @param maxSegmentBytes about when a segment is full
/// @param maxSegmentRecords when a segment of small chunks is full, so that its footer stays small
/// @param maxIdle how long a segment stays open with nothing written to it
/// @param maxIdleChannels how many files are kept open for reading
public record ChunkStoreConfig(
    int openSegments,
    long maxSegmentBytes,
    int maxSegmentRecords,
    Duration maxIdle,
    int maxIdleChannels) {

  /// The most records that a segment's footer has room for.
  public static final int MOST_RECORDS = 1 << 16;

  public ChunkStoreConfig {
    if (openSegments < 1 || maxSegmentBytes < 1 || maxIdleChannels < 0) {
      throw new IllegalArgumentException("a chunk store needs a segment to write to");
    }
    if (maxSegmentRecords < 1 || maxSegmentRecords > MOST_RECORDS) {
      throw new IllegalArgumentException("1 to " + MOST_RECORDS + " records in a segment");
    }
    if (!maxIdle.isPositive()) {
      throw new IllegalArgumentException("segments cannot be closed before they are written");
    }
  }

  /// The usual bounds: two segments of 1 GiB, closed after 10 idle minutes.
  public static ChunkStoreConfig standard() {
    return new ChunkStoreConfig(2, 1L << 30, MOST_RECORDS, Duration.ofMinutes(10), 256);
  }
}
