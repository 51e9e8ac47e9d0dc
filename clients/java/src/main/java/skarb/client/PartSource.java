package skarb.client;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// Gives a long body part by part, for one thread at a time. A part can be read again.
interface PartSource {
  /// The most parts that an upload has.
  int MOST_PARTS = 10_000;

  /// @return the next part; null after the last
  /// @throws IOException where the body cannot be read
  @Nullable Body next() throws IOException;

  /// How large the parts of a body are: as asked, or so much larger, in whole MiB, that 10,000
  /// suffice.
  static long partSize(long length, long asked) {
    long least = (length + MOST_PARTS - 1) / MOST_PARTS;
    long mib = 1L << 20;
    return least <= asked ? asked : (least + mib - 1) / mib * mib;
  }

  /// Gives a piece of a body that is where it can be read at any position.
  interface Slicer {
    Body slice(long position, long length);
  }

  /// The parts of a file, or of bytes in memory.
  static PartSource ofSlices(long length, long partSize, Slicer slicer) {
    long[] position = {0};
    return () -> {
      long from = position[0];
      if (from == length) {
        return null;
      }
      position[0] = Math.min(length, from + partSize);
      return slicer.slice(from, position[0] - from);
    };
  }

  /// The parts of a stream, each read into memory.
  ///
  /// @param first what was read of it already, a whole part; null for nothing
  /// @param length all its bytes, those of `first` included; -1 where nobody knows
  static PartSource ofStream(
      InputStream stream, byte @Nullable [] first, int partSize, long length) {
    return new PartSource() {
      private byte @Nullable [] ready = first;
      private long done;
      private int parts;

      @Override
      public @Nullable Body next() throws IOException {
        byte[] part = ready == null ? read() : ready;
        ready = null;
        if (part.length == 0) {
          return null;
        }
        parts++;
        if (parts > MOST_PARTS) {
          throw new IOException(
              "the stream is longer than 10,000 parts of "
                  + partSize
                  + " bytes: give its length, or set a larger partSize");
        }
        done += part.length;
        return Body.Bytes.of(part);
      }

      private byte[] read() throws IOException {
        int wanted = length < 0 ? partSize : (int) Math.min(partSize, length - done);
        byte[] part = stream.readNBytes(wanted);
        if (length >= 0 && part.length < wanted) {
          throw new EOFException(
              "the stream ended after " + (done + part.length) + " of " + length + " bytes");
        }
        return part;
      }
    };
  }
}
