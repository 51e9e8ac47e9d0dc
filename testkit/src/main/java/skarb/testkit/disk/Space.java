package skarb.testkit.disk;

import java.io.IOException;
import java.util.OptionalLong;

/// The room on the disk: what files take of it, and what a test says of it. Guarded by the disk's
/// lock.
final class Space {
  private static final long TOTAL_BYTES = 1L << 40;

  private long limitBytes = TOTAL_BYTES;
  private long usedBytes;
  private OptionalLong usableBytes = OptionalLong.empty();

  void setLimit(long bytes) {
    limitBytes = bytes;
  }

  void setUsable(long bytes) {
    usableBytes = OptionalLong.of(bytes);
  }

  void setUsed(long bytes) {
    usedBytes = bytes;
  }

  void take(long bytes) {
    usedBytes += bytes;
  }

  long total() {
    return limitBytes;
  }

  long usable() {
    return usableBytes.orElse(Math.max(0, limitBytes - usedBytes));
  }

  /// How many of the `length` bytes to be written at `position` there is room for.
  ///
  /// @throws IOException if there is none at all
  int fit(FileNode file, long position, int length) throws IOException {
    long beyond = position - file.size();
    long most = Math.max(0, limitBytes - usedBytes) - beyond;
    if (length > 0 && most <= 0) {
      throw new IOException("No space left on device");
    }
    return (int) Math.min(length, most);
  }
}
