package skarb.s3.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;
import skarb.v1.Checksums;

/// What follows the last chunk.
class AwsChunkedTrailerTest {
  private static final String NAME = "x-amz-checksum-crc32";
  private static final String LINE = NAME + ":NSRBwg==";

  private static PayloadSigning.Streaming unsigned() {
    return ChunkedBody.unsignedFraming(3, Optional.of(NAME));
  }

  private static ChunkedBody unsignedBody() {
    return ChunkedBody.unsigned().chunk("abc").last();
  }

  private static PayloadSigning.Streaming signed() {
    return ChunkedBody.signedFraming(3, NAME);
  }

  private static ChunkedBody signedBody() {
    return ChunkedBody.signed().chunk("abc").last();
  }

  private static void isTheChecksum(Decoded decoded) {
    assertThat(decoded.text()).isEqualTo("abc");
    Checksums checksums = decoded.trailers().checksums();
    assertThat(checksums.getCrc32().toByteArray())
        .isEqualTo(new byte[] {0x35, 0x24, 0x41, (byte) 0xc2});
    assertThat(checksums.hasSha256()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        LINE + "\r\n\r\n", // AWS's clients
        LINE + "\n\r\n\r\n", // minio's
        "X-Amz-Checksum-CRC32: NSRBwg== \r\n\r\n"
      })
  void anUnsignedTrailerIsRead(String trailer) {
    isTheChecksum(Decoded.of(unsigned(), unsignedBody().text(trailer).bytes()));
  }

  @Test
  void aSignedTrailerIsRead() {
    ChunkedBody body = signedBody();
    String signature = "x-amz-trailer-signature:" + body.trailerSignature(LINE + "\n");

    isTheChecksum(Decoded.of(signed(), body.text(LINE + "\r\n" + signature + "\r\n").end()));
  }

  @Test
  void aSignedTrailerAsMiniosClientsWriteItIsRead() {
    ChunkedBody body = signedBody();
    String signature = "x-amz-trailer-signature:" + body.trailerSignature(LINE + "\n");

    isTheChecksum(
        Decoded.of(signed(), body.text(LINE + "\n\r\n" + signature + "\r\n\r\n").bytes()));
  }

  @Test
  void aTrailerThatWasChangedDoesNotMatchItsSignature() {
    ChunkedBody body = signedBody();
    String signature = "x-amz-trailer-signature:" + body.trailerSignature(LINE + "\n");
    String changed = NAME + ":AAAAAA==";

    S3Exception refusal =
        Decoded.refused(
            signed(),
            body.text(changed + "\r\n" + signature + "\r\n").end(),
            S3Error.SIGNATURE_DOES_NOT_MATCH);

    assertThat(refusal.details().get("StringToSign")).startsWith("AWS4-HMAC-SHA256-TRAILER\n");
  }

  @Test
  void aSignedTrailerNeedsItsSignature() {
    Decoded.refused(signed(), signedBody().text(LINE + "\r\n\r\n").end(), S3Error.INCOMPLETE_BODY);
    Decoded.refused(signed(), signedBody().text(LINE + "\r\n").end(), S3Error.INCOMPLETE_BODY);
  }

  @Test
  void theAnnouncedTrailerMustCome() {
    Decoded.refused(unsigned(), unsignedBody().end(), S3Error.MALFORMED_TRAILER);
    ChunkedBody body = signedBody();
    String signature = "x-amz-trailer-signature:" + body.trailerSignature("");
    Decoded.refused(signed(), body.text(signature + "\r\n").end(), S3Error.MALFORMED_TRAILER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x-amz-checksum-crc32c:NSRBwg==",
        "x-amz-meta-a:b",
        "nonsense",
        ":",
        LINE + "\r\n" + LINE,
        LINE + "\r\nx-amz-trailer-signature:00",
        LINE + "\r\nx-amz-meta-a:b"
      })
  void nothingElseMayCome(String lines) {
    Decoded.refused(
        unsigned(), unsignedBody().text(lines + "\r\n").end(), S3Error.MALFORMED_TRAILER);
  }

  @Test
  void noTrailerMayComeWhereNoneWasAnnounced() {
    Decoded.refused(
        ChunkedBody.unsignedFraming(3, Optional.empty()),
        unsignedBody().text(LINE + "\r\n").end(),
        S3Error.MALFORMED_TRAILER);
    Decoded.refused(
        ChunkedBody.signedFraming(3),
        signedBody().text(LINE + "\r\n").end(),
        S3Error.MALFORMED_TRAILER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "AAAA", "not base64!", "NSRBwg", "NSRBwgAAAAA="})
  void aChecksumThatIsNoneIsInvalid(String value) {
    S3Exception refusal =
        Decoded.refused(
            unsigned(),
            unsignedBody().text(NAME + ":" + value + "\r\n").end(),
            S3Error.INVALID_REQUEST);

    assertThat(refusal.shownMessage())
        .isEqualTo("Value for x-amz-checksum-crc32 trailing header is invalid.");
  }

  @Test
  void aTrailerWithoutEndIsIncompleteOrTooLong() {
    Decoded.refused(
        unsigned(), unsignedBody().text(LINE + "\r\n").bytes(), S3Error.INCOMPLETE_BODY);
    Decoded.refused(
        unsigned(), unsignedBody().text("x".repeat(1025)).bytes(), S3Error.MALFORMED_TRAILER);
  }
}
