package skarb.client;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// Gives a long body part by part, for one thread at a time. A part can be read again.
interface PartSource {
  /// The most parts that an upload has.
  int MOST_PARTS = 10_000;

  /// After how many parts of a stream of unknown length they grow.
  int GROWING_PARTS = 500;

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

  /// The parts of a stream whose length is known, each read into memory.
  static PartSource ofStream(InputStream stream, int partSize, long length) {
    long[] done = {0};
    return () -> {
      int wanted = (int) Math.min(partSize, length - done[0]);
      if (wanted == 0) {
        return null;
      }
      Body.Bytes part = read(stream, wanted);
      done[0] += part.size();
      if (part.size() < wanted) {
        throw new EOFException("the stream ended after " + done[0] + " of " + length + " bytes");
      }
      return part;
    };
  }

  /// The parts of a stream whose length nobody knows, each read into memory: the first 500 as long
  /// as the first one, and twice as long after each further 500, up to a limit.
  ///
  /// @param first what was read of it already, a whole part
  /// @param mostBytes the limit, where it is more than the first part
  static PartSource ofGrowing(InputStream stream, byte[] first, long mostBytes) {
    int[] parts = {0};
    return () -> {
      parts[0]++;
      if (parts[0] == 1) {
        return Body.Bytes.of(first);
      }
      Body.Bytes part = read(stream, grownSize(first.length, parts[0], mostBytes));
      if (part.size() == 0) {
        return null;
      }
      if (parts[0] > MOST_PARTS) {
        throw new IOException(
            "the stream is longer than the 10,000 parts that memory allows: give its length, a"
                + " larger partSize, or the JVM more memory");
      }
      return part;
    };
  }

  /// @param number from 1 on
  static int grownSize(int partSize, int number, long mostBytes) {
    int doublings = Math.min(30, (number - 1) / GROWING_PARTS);
    return (int) Math.max(partSize, Math.min(mostBytes, (long) partSize << doublings));
  }

  /// @return less than was wanted at the end of the stream
  private static Body.Bytes read(InputStream stream, int wanted) throws IOException {
    byte[] bytes = new byte[wanted];
    return new Body.Bytes(bytes, 0, stream.readNBytes(bytes, 0, wanted));
  }
}
