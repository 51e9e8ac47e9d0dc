package skarb.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// The bytes of an object or a part on their way up: how many, and from where.
sealed interface Body {
  /// Bytes.
  long length();

  /// Whether it can still be read from its beginning.
  boolean isRepeatable();

  /// Reads it from its beginning.
  Reader open();

  /// Gives a body piece by piece, for one thread.
  interface Reader {
    /// @return the next bytes, at most so many; null at the end
    /// @throws IOException where they cannot be read, or there are fewer than the body's length
    /// @throws SkarbException where a file has changed
    @Nullable ByteString next(int maxBytes) throws IOException;
  }

  /// All of it at once, for a short one.
  default ByteString readWhole() throws IOException {
    Reader reader = open();
    ByteString whole = ByteString.EMPTY;
    int length = Math.toIntExact(length());
    for (ByteString piece = reader.next(length); piece != null; piece = reader.next(length)) {
      whole = whole.concat(piece);
    }
    return whole;
  }

  /// Bytes in memory, not copied: they must not change until the call has ended.
  record Bytes(byte[] bytes, int offset, int size) implements Body {
    static Bytes of(byte[] bytes) {
      return new Bytes(bytes, 0, bytes.length);
    }

    @Override
    public long length() {
      return size;
    }

    @Override
    public boolean isRepeatable() {
      return true;
    }

    @Override
    public Reader open() {
      int[] done = {0};
      return maxBytes -> {
        int length = Math.min(maxBytes, size - done[0]);
        if (length == 0) {
          return null;
        }
        done[0] += length;
        return UnsafeByteOperations.unsafeWrap(bytes, offset + done[0] - length, length);
      };
    }
  }

  /// Some bytes of a file, read by their position: several bodies may share a file.
  record FileSlice(SourceFile file, long position, long length) implements Body {
    @Override
    public boolean isRepeatable() {
      return true;
    }

    @Override
    public Reader open() {
      long[] done = {0};
      return maxBytes -> {
        int size = (int) Math.min(maxBytes, length - done[0]);
        if (size == 0) {
          file.requireUnchanged();
          return null;
        }
        ByteString piece = file.read(position + done[0], size);
        done[0] += size;
        return piece;
      };
    }
  }

  /// A stream, of which so many bytes are taken, once.
  final class FromStream implements Body {
    private final InputStream stream;
    private final long length;
    private volatile boolean begun;

    FromStream(InputStream stream, long length) {
      this.stream = stream;
      this.length = length;
    }

    @Override
    public long length() {
      return length;
    }

    @Override
    public boolean isRepeatable() {
      return !begun;
    }

    @Override
    public Reader open() {
      long[] done = {0};
      return maxBytes -> {
        int size = (int) Math.min(maxBytes, length - done[0]);
        if (size == 0) {
          return null;
        }
        begun = true;
        byte[] bytes = stream.readNBytes(size);
        if (bytes.length < size) {
          throw new EOFException(
              "the stream ended after " + (done[0] + bytes.length) + " of " + length + " bytes");
        }
        done[0] += size;
        return UnsafeByteOperations.unsafeWrap(bytes);
      };
    }
  }
}
