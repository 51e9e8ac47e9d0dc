package skarb.node.segment;

import com.google.protobuf.ByteString;

/// Takes the bytes of a body in order, frame by frame.
@FunctionalInterface
public interface FrameSink {
  /// Takes one frame. May block: that is how a slow reader slows the reading. What it throws ends
  /// the reading and reaches the caller of it.
  ///
  /// @param content 1 byte to 256 KiB, verified; never changed afterwards
  /// @param crc32c the CRC-32C of exactly these bytes
  void frame(ByteString content, int crc32c);
}
