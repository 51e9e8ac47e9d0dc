package skarb.node.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/// Positional reads that come back whole. Safe for many threads on one channel.
public final class FileReads {
  private FileReads() {}

  /// Fills a buffer from a file and flips it.
  ///
  /// @param position the first byte to read, from the start of the file
  /// @throws CorruptFileException if the file ends before the buffer is full
  public static void readFully(FileChannel channel, Path file, long position, ByteBuffer target)
      throws IOException {
    int wanted = target.remaining();
    int read = readUpTo(channel, position, target);
    if (read < wanted) {
      throw new CorruptFileException(
          file, position, wanted + " bytes", read + " bytes and the end of the file");
    }
  }

  /// Fills a buffer as far as the file goes, and flips it.
  ///
  /// @return bytes read; fewer than the buffer has room for only at the end of the file
  public static int readUpTo(FileChannel channel, long position, ByteBuffer target)
      throws IOException {
    int start = target.position();
    while (target.hasRemaining()) {
      if (channel.read(target, position + target.position() - start) < 0) {
        break;
      }
    }
    int read = target.position() - start;
    target.limit(target.position()).position(start);
    return read;
  }
}
