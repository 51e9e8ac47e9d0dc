package skarb.s3.auth;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import skarb.s3.error.S3Error;

/// The examples in S3's documentation of Signature Version 4, with the signatures printed there.
class AwsDocumentedExamplesTest {
  private static final String HOST = "examplebucket.s3.amazonaws.com";
  private static final String CREDENTIAL =
      "Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request";

  private final Authentications examples = new Authentications("2013-05-24T00:00:00Z");

  private static TestRequest request(String target) {
    return TestRequest.of("GET", target)
        .header("host", HOST)
        .header("x-amz-content-sha256", Sha256.OF_NOTHING)
        .header("x-amz-date", "20130524T000000Z");
  }

  private static String authorization(String signedHeaders, String signature) {
    return "AWS4-HMAC-SHA256 %s,SignedHeaders=%s,Signature=%s"
        .formatted(CREDENTIAL, signedHeaders, signature);
  }

  @Test
  void getObjectWithRange() {
    TestRequest request =
        request("/test.txt")
            .header("range", "bytes=0-9")
            .header(
                "authorization",
                authorization(
                    "host;range;x-amz-content-sha256;x-amz-date",
                    "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"));

    assertThat(examples.accepted(request).principal())
        .isEqualTo(new Principal(TestKeys.ID, 1, "user", "User"));
    examples.refused(request.replace("range", "bytes=0-8"), S3Error.SIGNATURE_DOES_NOT_MATCH);
  }

  @Test
  void putObject() {
    TestRequest request =
        TestRequest.of("PUT", "/test$file.text")
            .header("host", HOST)
            .header("date", "Fri, 24 May 2013 00:00:00 GMT")
            .header("x-amz-date", "20130524T000000Z")
            .header("x-amz-storage-class", "REDUCED_REDUNDANCY")
            .header(
                "x-amz-content-sha256",
                "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072")
            .header(
                "authorization",
                authorization(
                    "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
                    "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"));

    assertThat(examples.accepted(request).payload())
        .isInstanceOfSatisfying(
            PayloadSigning.Hash.class,
            hash -> assertThat(hash.sha256().byteAt(0)).isEqualTo((byte) 0x44));
  }

  @Test
  void subresourceWithoutValue() {
    examples.accepted(
        request("/?lifecycle")
            .header(
                "authorization",
                authorization(
                    "host;x-amz-content-sha256;x-amz-date",
                    "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543")));
  }

  @Test
  void listObjects() {
    examples.accepted(
        request("/?max-keys=2&prefix=J")
            .header(
                "authorization",
                authorization(
                    "host;x-amz-content-sha256;x-amz-date",
                    "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7")));
  }

  @Test
  void presignedGet() {
    TestRequest request =
        TestRequest.of(
                "GET",
                "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256"
                    + "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
                    + "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
                    + "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404")
            .header("host", HOST);

    assertThat(examples.accepted(request).payload()).isEqualTo(new PayloadSigning.Unsigned());
    examples.refused(request.method("PUT"), S3Error.SIGNATURE_DOES_NOT_MATCH);
  }

  static TestRequest chunkedUpload() {
    return TestRequest.of("PUT", "/examplebucket/chunkObject.txt")
        .header("host", "s3.amazonaws.com")
        .header("x-amz-date", "20130524T000000Z")
        .header("x-amz-storage-class", "REDUCED_REDUNDANCY")
        .header("content-encoding", "aws-chunked")
        .header("x-amz-decoded-content-length", "66560");
  }

  @Test
  void chunkedUploadIsSignedBySeed() {
    TestRequest request =
        chunkedUpload()
            .header("x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD")
            .header("content-length", "66824")
            .header(
                "authorization",
                authorization(
                    "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;"
                        + "x-amz-decoded-content-length;x-amz-storage-class",
                    "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9"));

    assertThat(examples.accepted(request).payload())
        .isInstanceOfSatisfying(
            PayloadSigning.StreamingSigned.class,
            streaming -> {
              assertThat(streaming.decodedLength()).isEqualTo(66_560);
              assertThat(streaming.trailing()).isFalse();
            });
  }

  @Test
  void chunkedUploadWithTrailerIsSignedBySeed() {
    TestRequest request =
        chunkedUpload()
            .header("x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER")
            .header("x-amz-trailer", "x-amz-checksum-crc32c")
            .header(
                "authorization",
                authorization(
                    "content-encoding;host;x-amz-content-sha256;x-amz-date;"
                        + "x-amz-decoded-content-length;x-amz-storage-class;x-amz-trailer",
                    "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e"));

    assertThat(examples.accepted(request).payload())
        .isInstanceOfSatisfying(
            PayloadSigning.StreamingSigned.class,
            streaming -> {
              assertThat(streaming.trailing()).isTrue();
              assertThat(streaming.trailerName()).contains("x-amz-checksum-crc32c");
            });
  }
}
