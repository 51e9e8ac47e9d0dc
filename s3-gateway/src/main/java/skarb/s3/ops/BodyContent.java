package skarb.s3.ops;

import java.nio.ByteBuffer;
import skarb.s3.auth.AwsChunkedDecoder;
import skarb.s3.auth.PayloadSigning;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;
import skarb.v1.Checksums;

/// The content of a body: what is on the wire, out of its `aws-chunked` framing where it has one,
/// cut into frames. For one thread.
public final class BodyContent {
  /// The most bytes in a frame: what the node takes.
  public static final int MAX_FRAME_BYTES = 256 * 1024;

  private final RequestBody body;
  private final PayloadSigning payload;
  private final long length;

  /// Takes frames in order. The array is the taker's from then on.
  @FunctionalInterface
  public interface FrameSink {
    /// A frame: the first `length` bytes of the array. All but the last are full.
    void frame(byte[] bytes, int length);
  }

  /// The content of a call's body.
  ///
  /// @throws S3Exception MissingContentLength where nobody says how long it is
  public static BodyContent of(S3Call call) {
    PayloadSigning payload = call.caller().payload();
    long length =
        payload instanceof PayloadSigning.Streaming streaming
            ? streaming.decodedLength()
            : call.body().length();
    if (length == RequestBody.UNKNOWN) {
      throw new S3Exception(S3Error.MISSING_CONTENT_LENGTH);
    }
    return new BodyContent(call.body(), payload, length);
  }

  private BodyContent(RequestBody body, PayloadSigning payload, long length) {
    this.body = body;
    this.payload = payload;
    this.length = length;
  }

  /// Bytes of content.
  public long length() {
    return length;
  }

  /// Reads the body to its end.
  ///
  /// @return the checksums that followed it; empty where there were none
  /// @throws S3Exception where the body is not what it should be: what was handed on is worth
  ///   nothing then
  public Checksums readAll(FrameSink sink) {
    Assembler assembler = new Assembler(length, sink);
    Checksums trailing =
        payload instanceof PayloadSigning.Streaming streaming
            ? readChunked(streaming, assembler)
            : readPlain(assembler);
    assembler.end();
    return trailing;
  }

  private Checksums readPlain(Assembler assembler) {
    for (ByteBuffer bytes = body.read(); bytes != null; bytes = body.read()) {
      assembler.content(bytes);
    }
    return Checksums.getDefaultInstance();
  }

  private Checksums readChunked(PayloadSigning.Streaming framing, Assembler assembler) {
    AwsChunkedDecoder decoder = new AwsChunkedDecoder(framing, assembler::content);
    for (ByteBuffer bytes = body.read(); bytes != null; bytes = body.read()) {
      decoder.accept(bytes);
    }
    return decoder.finish().checksums();
  }

  /// Copies bytes into frames; the one copy on their way to the node.
  private static final class Assembler {
    private final FrameSink sink;
    private long remaining;
    private byte[] frame;
    private int filled;

    Assembler(long length, FrameSink sink) {
      this.sink = sink;
      this.remaining = length;
      this.frame = nextFrame();
    }

    void content(ByteBuffer bytes) {
      while (bytes.hasRemaining()) {
        if (remaining == 0) {
          throw new S3Exception(S3Error.INCOMPLETE_BODY);
        }
        int count = Math.min(bytes.remaining(), frame.length - filled);
        bytes.get(frame, filled, count);
        filled += count;
        remaining -= count;
        if (filled == frame.length) {
          flush();
        }
      }
    }

    void end() {
      if (remaining != 0) {
        throw new S3Exception(S3Error.INCOMPLETE_BODY);
      }
    }

    private void flush() {
      sink.frame(frame, filled);
      filled = 0;
      frame = nextFrame();
    }

    private byte[] nextFrame() {
      return new byte[(int) Math.min(MAX_FRAME_BYTES, remaining)];
    }
  }
}
