package skarb.s3.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import skarb.s3.error.S3Error;

/// What `x-amz-content-sha256` and its companions say about a body.
class PayloadHeaderTest {
  private static final String SIGNED = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
  private static final String SIGNED_TRAILER = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER";
  private static final String UNSIGNED_TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";

  private final Authentications today = new Authentications("2013-05-24T00:00:00Z");

  private static TestRequest anonymous(String payload) {
    return TestRequest.of("PUT", "/bucket/key")
        .header("host", "localhost")
        .header("x-amz-content-sha256", payload);
  }

  private static TestRequest streaming(String payload) {
    return TestRequest.put(payload).header("x-amz-decoded-content-length", "5");
  }

  @Test
  void aSignedStreamBuildsOnTheRequestsSignature() {
    TestRequest request = streaming(SIGNED).signed();

    assertThat(today.accepted(request).payload())
        .isInstanceOfSatisfying(
            PayloadSigning.StreamingSigned.class,
            streaming -> {
              assertThat(streaming.chain().timestamp()).isEqualTo("20130524T000000Z");
              assertThat(request.head().header("authorization").orElseThrow())
                  .endsWith(streaming.chain().seedSignature());
              assertThat(streaming.toString()).contains("SigningKey[hidden]");
            });
  }

  @Test
  void anUnsignedStreamNeedsNoTrailer() {
    assertThat(today.accepted(streaming(UNSIGNED_TRAILER).signed()).payload())
        .isEqualTo(new PayloadSigning.StreamingUnsignedTrailer(5, Optional.empty()));
    assertThat(
            today
                .accepted(
                    streaming(UNSIGNED_TRAILER)
                        .header("x-amz-trailer", "x-amz-checksum-crc64nvme")
                        .signed())
                .payload())
        .isEqualTo(
            new PayloadSigning.StreamingUnsignedTrailer(
                5, Optional.of("x-amz-checksum-crc64nvme")));
  }

  @ParameterizedTest
  @ValueSource(strings = {SIGNED, SIGNED_TRAILER, UNSIGNED_TRAILER})
  void aStreamNeedsItsDecodedLength(String payload) {
    TestRequest request = TestRequest.put(payload);
    if (!payload.equals(SIGNED)) {
      request.header("x-amz-trailer", "x-amz-checksum-crc32");
    }

    today.refused(request.signed(), S3Error.MISSING_CONTENT_LENGTH);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "", "five", "99999999999999999999", "1e3"})
  void aDecodedLengthMustBeANumber(String length) {
    today.refused(
        TestRequest.put(SIGNED).header("x-amz-decoded-content-length", length).signed(),
        S3Error.INVALID_ARGUMENT);
  }

  @Test
  void trailersAndPayloadMustFit() {
    today.refused(streaming(SIGNED_TRAILER).signed(), S3Error.MALFORMED_TRAILER);
    today.refused(
        streaming(SIGNED).header("x-amz-trailer", "x-amz-checksum-crc32").signed(),
        S3Error.MALFORMED_TRAILER);
    today.refused(
        TestRequest.put("UNSIGNED-PAYLOAD")
            .header("x-amz-trailer", "x-amz-checksum-crc32")
            .signed(),
        S3Error.MALFORMED_TRAILER);
    today.refused(
        streaming(UNSIGNED_TRAILER).header("x-amz-trailer", "x-amz-meta-a").signed(),
        S3Error.INVALID_REQUEST);
  }

  @Test
  void framingMeansNothingWhereThereIsNoBody() {
    TestRequest request = TestRequest.get().replace("x-amz-content-sha256", SIGNED).signed();

    assertThat(today.accepted(request).payload()).isEqualTo(new PayloadSigning.Unsigned());
  }

  @Test
  void anonymousBodiesMayBeHashedOrFramedButNotSigned() {
    assertThat(today.authenticator.authenticate(anonymous(Sha256.OF_NOTHING).head()).payload())
        .isInstanceOf(PayloadSigning.Hash.class);
    assertThat(
            today
                .authenticator
                .authenticate(
                    anonymous(UNSIGNED_TRAILER).header("x-amz-decoded-content-length", "1").head())
                .payload())
        .isInstanceOf(PayloadSigning.StreamingUnsignedTrailer.class);
    today.refused(
        anonymous(SIGNED).header("x-amz-decoded-content-length", "1"), S3Error.INVALID_REQUEST);
  }

  @Test
  void ellipticCurvesAreNotServed() {
    today.refused(
        TestRequest.put("STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD").signed(),
        S3Error.NOT_IMPLEMENTED);
  }
}
