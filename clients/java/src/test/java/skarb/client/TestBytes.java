package skarb.client;

import java.io.InputStream;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/// Bodies for tests.
final class TestBytes {
  private TestBytes() {}

  /// The same for the same length.
  static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new SplittableRandom(length).nextBytes(bytes);
    return bytes;
  }

  /// A stream that tells how much of it was read.
  static class Counting extends InputStream {
    final AtomicLong read = new AtomicLong();
    private final InputStream stream;

    Counting(InputStream stream) {
      this.stream = stream;
    }

    @Override
    public int read() throws java.io.IOException {
      int next = stream.read();
      if (next >= 0) {
        read.incrementAndGet();
      }
      return next;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws java.io.IOException {
      int count = stream.read(bytes, offset, length);
      if (count > 0) {
        read.addAndGet(count);
      }
      return count;
    }
  }
}
