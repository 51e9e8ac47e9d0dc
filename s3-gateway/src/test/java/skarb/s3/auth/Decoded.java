package skarb.s3.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;

/// What a decoder makes of a body.
record Decoded(byte[] content, Trailers trailers) {

  static Decoded of(PayloadSigning.Streaming framing, byte[] body) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    AwsChunkedDecoder decoder = new AwsChunkedDecoder(framing, bytes -> copy(bytes, content));
    decoder.accept(ByteBuffer.wrap(body));
    return new Decoded(content.toByteArray(), decoder.finish());
  }

  static S3Exception refused(PayloadSigning.Streaming framing, byte[] body, S3Error error) {
    S3Exception refusal = catchThrowableOfType(S3Exception.class, () -> Decoded.of(framing, body));
    assertThat(refusal).isNotNull();
    assertThat(refusal.error()).as(refusal.shownMessage()).isEqualTo(error);
    return refusal;
  }

  static void copy(ByteBuffer from, ByteArrayOutputStream to) {
    assertThat(from.isReadOnly()).isTrue();
    assertThat(from.hasRemaining()).isTrue();
    byte[] bytes = new byte[from.remaining()];
    from.get(bytes);
    to.writeBytes(bytes);
  }

  String text() {
    return new String(content, StandardCharsets.UTF_8);
  }
}
