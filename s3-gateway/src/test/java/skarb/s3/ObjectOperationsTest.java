package skarb.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import skarb.s3.HttpClientSocket.Answer;
import skarb.s3.fake.FakeStore;

class ObjectOperationsTest {
  private static final String ANN = "\nHost: s3\nAuthorization: Key ANN\n";
  private final TestGateway s3 = new TestGateway();

  @AfterEach
  void close() {
    s3.close();
  }

  private Answer put(String key, String extraHeaders, String body) {
    return s3.ask(
        "PUT /box/"
            + key
            + " HTTP/1.1"
            + ANN
            + extraHeaders
            + "Content-Length: "
            + body.length()
            + "\n\n"
            + body);
  }

  private Answer get(String key, String extraHeaders) {
    return s3.ask("GET /box/" + key + " HTTP/1.1" + ANN + extraHeaders + "\n");
  }

  private FakeStore.Stored stored(String key) {
    return Objects.requireNonNull(s3.node.store().object("box", key));
  }

  @Test
  void whatIsPutIsGot() {
    Answer stored = put("a", "Content-Type: text/plain\nx-amz-meta-Color: Blue\n", "hello");

    assertThat(stored.status()).isEqualTo(200);
    assertThat(stored.header("etag")).contains("\"5d41402abc4b2a76b9719d911017c592\"");
    assertThat(stored.header("x-amz-checksum-crc64nvme")).contains("AAECAwQFBgc=");
    assertThat(stored.header("x-amz-checksum-type")).contains("FULL_OBJECT");
    assertThat(stored.header("x-amz-request-id")).isPresent();
    assertThat(stored.header("x-amz-id-2")).isPresent();
    assertThat(stored.header("server")).contains("Skarb");
    assertThat(stored.header("date")).contains("Wed, 25 Nov 2026 10:00:00 GMT");

    Answer got = get("a", "");
    assertThat(got.status()).isEqualTo(200);
    assertThat(got.body()).isEqualTo("hello");
    assertThat(got.header("content-type")).contains("text/plain");
    assertThat(got.header("x-amz-meta-color")).contains("Blue");
    assertThat(got.header("last-modified")).contains("Sun, 01 Nov 2026 12:00:00 GMT");
    assertThat(got.header("accept-ranges")).contains("bytes");
    assertThat(got.header("x-amz-checksum-crc64nvme")).isEmpty();
    assertThat(s3.node.calls()).containsExactly("Put", "Get");
  }

  @Test
  void smallBodiesGoInOneCallAndLargeOnesAreStreamed() {
    put("small", "", "x".repeat(256 * 1024));
    put("large", "", "x".repeat(256 * 1024 + 1));

    assertThat(s3.node.calls()).containsExactly("Put", "Upload");
    assertThat(s3.node.objects().framesTaken()).isEqualTo(2);
    assertThat(get("large", "").body()).hasSize(256 * 1024 + 1);
  }

  @Test
  void emptyBodiesAreStoredAndRead() {
    assertThat(put("empty", "", "").status()).isEqualTo(200);

    Answer got = get("empty", "");
    assertThat(got.status()).isEqualTo(200);
    assertThat(got.header("content-length")).contains("0");
  }

  @Test
  void headSaysWhatGetWould() {
    put("a", "", "hello");
    try (HttpClientSocket socket = s3.connect()) {
      Answer head = socket.send("HEAD /box/a HTTP/1.1" + ANN + "\n").answerToHead();
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.header("content-length")).contains("5");
      assertThat(head.header("content-type")).contains("binary/octet-stream");

      Answer missing = socket.send("HEAD /box/b HTTP/1.1" + ANN + "\n").answerToHead();
      assertThat(missing.status()).isEqualTo(404);
      assertThat(socket.send("GET /box/a HTTP/1.1" + ANN + "\n").answer().body())
          .as("nothing followed the heads")
          .isEqualTo("hello");
    }
  }

  @Test
  void metadataKeepsItsOrderAndItsUtf8() {
    put("a", "x-amz-meta-b: 1\nx-amz-meta-a: gr\u00c3\u00bcn\nx-amz-meta-b: 2\n", "");

    assertThat(stored("a").info().getAttributes().getUserMetadataList())
        .extracting(pair -> pair.getName() + "=" + pair.getValue())
        .containsExactly("b=1,2", "a=gr\u00fcn");
    assertThat(get("a", "").header("x-amz-meta-a")).contains("gr\u00c3\u00bcn");
  }

  @Test
  void awsChunkedIsNoEncodingOfTheObject() {
    put("a", "Content-Encoding: aws-chunked, gzip\n", "");
    put("b", "Content-Encoding: aws-chunked\n", "");

    assertThat(get("a", "").header("content-encoding")).contains("gzip");
    assertThat(get("b", "").header("content-encoding")).isEmpty();
  }

  @Test
  void chunkedBodiesWithTrailersAreDecodedAndTheirChecksumPassedOn() {
    Answer answer =
        s3.ask(
            "PUT /box/a HTTP/1.1"
                + ANN
                + "x-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER\n"
                + "x-amz-decoded-content-length: 5\nx-amz-trailer: x-amz-checksum-crc32\n"
                + "Content-Encoding: aws-chunked\nContent-Length: 47\n\n"
                + "5\nhello\n0\nx-amz-checksum-crc32: NhCmhg==\n\n");

    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(get("a", "").body()).isEqualTo("hello");
    assertThat(stored("a").header().getExpected().getCrc32().size()).isEqualTo(4);
    assertThat(s3.node.calls()).startsWith("Put");
  }

  @Test
  void promisedDigestsReachTheNode() {
    Answer wrongMd5 = put("a", "Content-MD5: AAAAAAAAAAAAAAAAAAAAAA==\n", "hello");
    assertThat(wrongMd5.code()).isEqualTo("BadDigest");

    Answer wrongHash = put("a", "x-amz-content-sha256: " + "0".repeat(64) + "\n", "hello");
    assertThat(wrongHash.code()).isEqualTo("XAmzContentSHA256Mismatch");
    assertThat(s3.node.store().object("box", "a")).isNull();
  }

  @Test
  void featuresThatAreNotServedAreRefusedRatherThanIgnored() {
    for (String header :
        new String[] {
          "x-amz-server-side-encryption: AES256",
          "x-amz-object-lock-mode: GOVERNANCE",
          "x-amz-tagging: a=b",
          "x-amz-acl: public-read",
          "x-amz-storage-class: GLACIER",
          "x-amz-website-redirect-location: /b",
          "x-amz-grant-read: id=x"
        }) {
      Answer answer = put("a", header + "\n", "");
      assertThat(answer.status()).as(header).isEqualTo(501);
      assertThat(answer.code()).as(header).isEqualTo("NotImplemented");
    }
    assertThat(put("a", "x-amz-acl: private\nx-amz-storage-class: STANDARD\n", "").status())
        .isEqualTo(200);
  }

  @Test
  void conditionsOfWritesAreTheNodesToJudge() {
    assertThat(put("a", "If-None-Match: *\n", "1").status()).isEqualTo(200);

    Answer second = put("a", "If-None-Match: *\n", "2");
    assertThat(second.status()).isEqualTo(412);
    assertThat(second.body()).contains("<Condition>If-None-Match</Condition>");
    assertThat(put("b", "If-Match: \"x\"\n", "").code()).isEqualTo("NoSuchKey");
    assertThat(put("a", "If-None-Match: \"x\"\n", "").status()).isEqualTo(501);
    assertThat(get("a", "").body()).isEqualTo("1");
  }

  @Test
  void conditionsOfReadsPassAndFail() {
    put("a", "", "hello");
    String etag = "\"5d41402abc4b2a76b9719d911017c592\"";
    String written = "Sun, 01 Nov 2026 12:00:00 GMT";

    Answer notModified = get("a", "If-None-Match: W/" + etag + "\n");
    assertThat(notModified.status()).isEqualTo(304);
    assertThat(notModified.header("etag")).contains(etag);
    assertThat(notModified.header("last-modified")).contains(written);
    assertThat(notModified.header("content-length")).isEmpty();

    assertThat(get("a", "If-Match: " + etag + "\n").status()).isEqualTo(200);
    assertThat(get("a", "If-Match: \"x\"\n").status()).isEqualTo(412);
    assertThat(get("a", "If-Modified-Since: " + written + "\n").status())
        .as("the second that Last-Modified shows")
        .isEqualTo(304);
    assertThat(get("a", "If-Unmodified-Since: " + written + "\n").status()).isEqualTo(200);
    assertThat(get("a", "If-Unmodified-Since: Sun, 01 Nov 2026 11:59:59 GMT\n").status())
        .isEqualTo(412);
    assertThat(get("a", "If-Modified-Since: Sun, 01 Nov 2037 12:00:00 GMT\n").status())
        .as("the future is ignored")
        .isEqualTo(200);
  }

  @Test
  void rangesAreServed() {
    put("a", "", "0123456789");

    Answer middle = get("a", "Range: bytes=2-4\n");
    assertThat(middle.status()).isEqualTo(206);
    assertThat(middle.body()).isEqualTo("234");
    assertThat(middle.header("content-range")).contains("bytes 2-4/10");
    assertThat(get("a", "Range: bytes=-3\n").body()).isEqualTo("789");
    assertThat(get("a", "Range: bytes=-30\n").header("content-range")).contains("bytes 0-9/10");
    assertThat(get("a", "Range: bytes=7-\n").body()).isEqualTo("789");
    assertThat(get("a", "Range: bytes=0-1,3-4\n").status()).isEqualTo(200);
    assertThat(get("a", "Range: bytes=4-2\n").status()).isEqualTo(200);

    Answer beyond = get("a", "Range: bytes=10-\n");
    assertThat(beyond.status()).isEqualTo(416);
    assertThat(beyond.code()).isEqualTo("InvalidRange");
    assertThat(beyond.header("content-range")).contains("bytes */10");
    assertThat(beyond.body())
        .contains("<ActualObjectSize>10</ActualObjectSize>")
        .contains("<RangeRequested>bytes=10-</RangeRequested>");
  }

  @Test
  void checksumsAreShownWhenAskedForAndNotWithARange() {
    put("a", "", "0123456789");

    assertThat(get("a", "x-amz-checksum-mode: ENABLED\n").header("x-amz-checksum-crc64nvme"))
        .isPresent();
    assertThat(
            get("a", "x-amz-checksum-mode: ENABLED\nRange: bytes=1-2\n")
                .header("x-amz-checksum-crc64nvme"))
        .isEmpty();
  }

  @Test
  void responseOverridesWantASignature() {
    put("a", "Content-Type: text/plain\n", "");
    String query = "?response-content-type=text%2Fcsv&response-content-disposition=a%0D%0AX:%20y";

    Answer signed = get("a" + query, "");
    assertThat(signed.header("content-type")).contains("text/csv");
    assertThat(signed.header("content-disposition")).contains("a  X: y");
    assertThat(signed.header("x")).isEmpty();
    Answer anonymous = s3.ask("GET /box/a" + query + " HTTP/1.1\nHost: s3\n\n");
    assertThat(anonymous.code()).isEqualTo("InvalidRequest");
  }

  @Test
  void keysAreOpaque() {
    for (String raw :
        new String[] {"a%2Fb", "a//b", "a/../b", "./a", "a+b", "a%20b", "%C3%BC", "a%01b"}) {
      assertThat(put(raw, "", raw).status()).as(raw).isEqualTo(200);
      assertThat(get(raw, "").body()).as(raw).isEqualTo(raw);
    }
    assertThat(stored("a/b").content().toStringUtf8()).isEqualTo("a%2Fb");
    assertThat(stored("a+b").content().toStringUtf8()).isEqualTo("a+b");
    assertThat(get("%ff", "").code()).isEqualTo("InvalidURI");
    assertThat(get("%zz", "").code()).isEqualTo("InvalidURI");
  }

  @Test
  void deletingSucceedsWhetherOrNotItIsThere() {
    put("a", "", "1");
    for (int i = 0; i < 2; i++) {
      Answer deleted = s3.ask("DELETE /box/a HTTP/1.1" + ANN + "\n");
      assertThat(deleted.status()).isEqualTo(204);
      assertThat(deleted.header("content-length")).isEmpty();
    }
    assertThat(get("a", "").code()).isEqualTo("NoSuchKey");
    assertThat(get("a", "").body()).contains("<Key>a</Key>").contains("<Resource>/box/a<");
  }

  @Test
  void versionIdsAreShownWhereTheNodeGivesThem() {
    s3.node.store().version();

    assertThat(put("a", "", "1").header("x-amz-version-id")).contains("v1");
    assertThat(get("a", "").header("x-amz-version-id")).contains("v1");
    assertThat(get("a?versionId=", "").code()).isEqualTo("InvalidArgument");
  }

  @Test
  void partOneOfAnObjectWithoutPartsIsTheWhole() {
    put("a", "", "hello");

    Answer part = get("a?partNumber=1", "");
    assertThat(part.status()).isEqualTo(206);
    assertThat(part.body()).isEqualTo("hello");
    assertThat(part.header("content-range")).contains("bytes 0-4/5");
    assertThat(part.header("x-amz-mp-parts-count")).isEmpty();
    assertThat(get("a?partNumber=2", "").status()).isEqualTo(416);
    assertThat(get("a?partNumber=2", "").code()).isEqualTo("InvalidPartNumber");
    assertThat(get("a?partNumber=1", "Range: bytes=0-1\n").code()).isEqualTo("InvalidRequest");
    assertThat(get("a?partNumber=x", "").code()).isEqualTo("InvalidArgument");
  }

  @Test
  void lengthsMustBeKnown() {
    Answer answer =
        s3.ask("PUT /box/a HTTP/1.1" + ANN + "Transfer-Encoding: chunked\n\n5\nhello\n0\n\n");

    assertThat(answer.status()).isEqualTo(411);
    assertThat(answer.code()).isEqualTo("MissingContentLength");
  }

  @Test
  void anotherOwnerThanExpectedIsDenied() {
    put("a", "", "hello");

    assertThat(get("a", "x-amz-expected-bucket-owner: user-BOB\n").code())
        .isEqualTo("AccessDenied");
    assertThat(get("a", "x-amz-expected-bucket-owner: user-ANN\n").status()).isEqualTo(200);
  }

  @Test
  void brokenDownloadsAreCutAndNeverShort() {
    put("big", "", "x".repeat(1_000_000));
    s3.node.objects().breakDownloadsAfter(2);

    assertThatThrownBy(() -> get("big", "")).hasMessageContaining("cut after 524288 of 1000000");
  }

  @Test
  void downloadsThatBreakBeforeTheirFirstByteAreErrors() {
    put("big", "", "x".repeat(1_000_000));
    s3.node.objects().damageFrames();

    Answer answer = get("big", "");
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.code()).isEqualTo("InternalError");
  }
}
