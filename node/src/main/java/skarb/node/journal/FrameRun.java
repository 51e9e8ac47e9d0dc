package skarb.node.journal;

import skarb.node.journal.JournalFormat.FrameHeader;

/// An unbroken run of frames, from the first of a file: where it stands in the chain of batches,
/// and where it ends in the file.
///
/// @param lastBefore the number of the last batch before the file
/// @param before the CRC of the frame before the file's first
/// @param last the number of the last batch
/// @param crc the CRC of the last frame, which the next one names
/// @param end the first byte after the last frame, from the start of the file
/// @param sealed whether the last frame is a seal
record FrameRun(long lastBefore, int before, long last, int crc, long end, boolean sealed) {

  /// A file without frames.
  ///
  /// @param last the number of the last batch before the file
  /// @param crc the CRC of the last frame before the file
  static FrameRun empty(long last, int crc) {
    return empty(last, crc, false);
  }

  /// A file without frames.
  ///
  /// @param sealed whether that last frame is a seal
  static FrameRun empty(long last, int crc, boolean sealed) {
    return new FrameRun(last, crc, last, crc, JournalFormat.PAGE_BYTES, sealed);
  }

  boolean isEmpty() {
    return end == JournalFormat.PAGE_BYTES;
  }

  /// Whether a frame is the next one.
  boolean isContinuedBy(FrameHeader frame) {
    return frame.lastBefore() == last && frame.before() == crc;
  }

  /// Whether another file's run is the continuation.
  boolean isContinuedBy(FrameRun next) {
    return next.lastBefore == last && next.before == crc;
  }

  /// With a frame more.
  FrameRun plus(FrameHeader frame) {
    return new FrameRun(
        lastBefore,
        before,
        frame.batch(),
        frame.contentsCrc(),
        end + frame.frameBytes(),
        frame.seal());
  }
}
