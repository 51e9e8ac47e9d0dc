package skarb.node.model;

import com.google.protobuf.ByteOutput;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// The arrays behind a `ByteString`, without a copy. `ByteString.asReadOnlyByteBuffer` hides its
/// array, so that digests and checksums would copy it piece by piece. Nobody may write to these.
public final class FrameBytes {
  private FrameBytes() {}

  /// The bytes in order, in buffers with arrays.
  public static List<ByteBuffer> of(ByteString content) {
    List<ByteBuffer> buffers = new ArrayList<>(1);
    try {
      UnsafeByteOperations.unsafeWriteTo(content, new Collector(buffers));
    } catch (IOException e) {
      throw new UncheckedIOException("nothing is written", e);
    }
    return buffers;
  }

  private static final class Collector extends ByteOutput {
    private final List<ByteBuffer> buffers;

    Collector(List<ByteBuffer> buffers) {
      this.buffers = buffers;
    }

    @Override
    public void write(byte value) {
      buffers.add(ByteBuffer.wrap(new byte[] {value}));
    }

    @Override
    public void write(byte[] value, int offset, int length) {
      byte[] copy = new byte[length];
      System.arraycopy(value, offset, copy, 0, length);
      buffers.add(ByteBuffer.wrap(copy));
    }

    @Override
    public void writeLazy(byte[] value, int offset, int length) {
      buffers.add(ByteBuffer.wrap(value, offset, length));
    }

    @Override
    public void write(ByteBuffer value) {
      byte[] copy = new byte[value.remaining()];
      value.get(copy);
      buffers.add(ByteBuffer.wrap(copy));
    }

    @Override
    public void writeLazy(ByteBuffer value) {
      if (value.hasArray()) {
        buffers.add(value.slice());
      } else {
        write(value);
      }
    }
  }
}
