package skarb.s3.auth;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// Writes bodies in `aws-chunked` framing, the way clients do, for the chain of AWS's examples.
final class ChunkedBody {
  static final CredentialScope SCOPE = new CredentialScope("20130524", "us-east-1", "s3");
  static final String TIMESTAMP = "20130524T000000Z";
  static final String SEED = "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9";

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final boolean signed;
  private String previous;

  private ChunkedBody(boolean signed, String seed) {
    this.signed = signed;
    this.previous = seed;
  }

  static ChunkedBody signed() {
    return new ChunkedBody(true, SEED);
  }

  static ChunkedBody unsigned() {
    return new ChunkedBody(false, "");
  }

  static PayloadSigning.StreamingSigned signedFraming(long decodedLength) {
    return new PayloadSigning.StreamingSigned(decodedLength, Optional.empty(), chain(SEED), false);
  }

  static PayloadSigning.StreamingSigned signedFraming(long decodedLength, String trailer) {
    return new PayloadSigning.StreamingSigned(
        decodedLength, Optional.of(trailer), chain(SEED), true);
  }

  static PayloadSigning.StreamingUnsignedTrailer unsignedFraming(
      long decodedLength, Optional<String> trailer) {
    return new PayloadSigning.StreamingUnsignedTrailer(decodedLength, trailer);
  }

  static SignatureChain chain(String seed) {
    return new SignatureChain(
        TestKeys.ID,
        TIMESTAMP,
        SCOPE,
        seed,
        new SigningKey(TestKeys.signingKey(TestKeys.SECRET, SCOPE)));
  }

  ChunkedBody chunk(byte[] content) {
    text(Integer.toHexString(content.length));
    if (signed) {
      previous =
          sign("AWS4-HMAC-SHA256-PAYLOAD", Sha256.hex(new byte[0]) + "\n" + Sha256.hex(content));
      text(";chunk-signature=" + previous);
    }
    text("\r\n");
    bytes.writeBytes(content);
    return content.length > 0 ? text("\r\n") : this;
  }

  ChunkedBody chunk(String content) {
    return chunk(content.getBytes(StandardCharsets.UTF_8));
  }

  /// The content in chunks of a size, and the empty one.
  ChunkedBody chunks(byte[] content, int size) {
    for (int from = 0; from < content.length; from += size) {
      chunk(Arrays.copyOfRange(content, from, Math.min(content.length, from + size)));
    }
    return last();
  }

  ChunkedBody last() {
    return chunk(new byte[0]);
  }

  /// The signature of a trailer that consists of these lines, each with its newline.
  String trailerSignature(String lines) {
    return sign("AWS4-HMAC-SHA256-TRAILER", Sha256.hex(lines.getBytes(StandardCharsets.UTF_8)));
  }

  ChunkedBody text(String text) {
    bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /// The closing line end, and all that was written.
  byte[] end() {
    return text("\r\n").bytes();
  }

  byte[] bytes() {
    return bytes.toByteArray();
  }

  private String sign(String algorithm, String hashes) {
    return TestKeys.sign(
        TestKeys.SECRET,
        SCOPE,
        String.join("\n", algorithm, TIMESTAMP, SCOPE.text(), previous, hashes));
  }
}
