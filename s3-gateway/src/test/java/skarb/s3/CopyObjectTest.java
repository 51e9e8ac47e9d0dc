package skarb.s3;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.grpc.Status;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import skarb.s3.HttpClientSocket.Answer;
import skarb.s3.fake.Errors;
import skarb.s3.fake.FakeStore;
import skarb.v1.ChecksumAlgorithm;
import skarb.v1.Checksums;
import skarb.v1.CopyRequest;
import skarb.v1.CopyResponse;
import skarb.v1.ErrorReason;
import skarb.v1.ObjectsGrpc;
import skarb.v1.PutResult;

class CopyObjectTest {
  private final TestGateway s3 = new TestGateway();
  private final List<CopyRequest> asked = new CopyOnWriteArrayList<>();

  @BeforeEach
  void answerCopies() {
    s3.node.script(
        ObjectsGrpc.getCopyMethod(),
        request -> {
          asked.add(request);
          return copied();
        });
  }

  static CopyResponse copied() {
    return CopyResponse.newBuilder()
        .setResult(
            PutResult.newBuilder()
                .setEtag("e")
                .setVersionId("v2")
                .setChecksums(Checksums.newBuilder().setCrc32(ByteString.copyFromUtf8("1234"))))
        .setLastModified(
            Timestamp.newBuilder().setSeconds(FakeStore.WRITTEN.getEpochSecond()).setNanos(1))
        .setSourceVersionId("v1")
        .build();
  }

  @AfterEach
  void close() {
    s3.close();
  }

  private Answer copy(String headers) {
    return s3.ask("PUT /box/to HTTP/1.1\nHost: s3\nAuthorization: Key ANN\n" + headers + "\n\n");
  }

  @Test
  void whatWasCopiedIsAnswered() {
    Answer answer = copy("x-amz-copy-source: /from/a");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("x-amz-version-id")).contains("v2");
    assertThat(answer.header("x-amz-copy-source-version-id")).contains("v1");
    assertThat(answer.body())
        .endsWith(
            "/doc/2006-03-01/\"><LastModified>2026-11-01T12:00:00.000Z</LastModified>"
                + "<ETag>&quot;e&quot;</ETag><ChecksumType>FULL_OBJECT</ChecksumType>"
                + "<ChecksumCRC32>MTIzNA==</ChecksumCRC32></CopyObjectResult>");
    CopyRequest request = asked.getFirst();
    assertThat(request.getBucket()).isEqualTo("box");
    assertThat(request.getKey()).isEqualTo("to");
    assertThat(request.getReplaceAttributes()).isFalse();
    assertThat(request.getChecksumAlgorithmValue()).isZero();
  }

  @Test
  void sourcesAreDecodedOnceAfterTheirVersionIsCutOff() {
    copy("x-amz-copy-source: from/a%252B+%3FversionId=x%2F?versionId=v%20");
    copy("x-amz-copy-source: %2Ffrom%2Fa/%C3%BC");
    copy("x-amz-copy-source: from//a?b");

    assertThat(asked)
        .extracting(request -> request.getSource().getKey())
        .containsExactly("a%2B ?versionId=x/", "a/ü", "/a?b");
    assertThat(asked).extracting(request -> request.getSource().getBucket()).containsOnly("from");
    assertThat(asked.getFirst().getSource().getVersionId()).isEqualTo("v ");
    assertThat(asked.get(1).getSource().hasVersionId()).isFalse();
  }

  @Test
  void whatNamesNoObjectIsNoSource() {
    for (String source :
        new String[] {"", "/", "from", "from/", "/from/", "//a", "from/%zz", "from/%ff"}) {
      assertThat(copy("x-amz-copy-source: " + source).code())
          .as(source)
          .isEqualTo("InvalidArgument");
    }
    assertThat(copy("x-amz-copy-source: from/a?versionId=").code()).isEqualTo("InvalidArgument");
    assertThat(asked).isEmpty();
  }

  @Test
  void attributesAreReplacedWhereTheDirectiveSaysSo() {
    String from = "x-amz-copy-source: from/a\nContent-Type: text/plain\nx-amz-meta-a: b\n";
    copy(from + "x-amz-metadata-directive: REPLACE\nx-amz-tagging-directive: REPLACE");
    copy(from + "x-amz-metadata-directive: COPY\nx-amz-checksum-algorithm: sha256");

    assertThat(asked.getFirst().getReplaceAttributes()).isTrue();
    assertThat(asked.getFirst().getAttributes().getHeaders().getContentType())
        .isEqualTo("text/plain");
    assertThat(asked.getFirst().getAttributes().getUserMetadata(0).getName()).isEqualTo("a");
    assertThat(asked.get(1).getReplaceAttributes()).isFalse();
    assertThat(asked.get(1).hasAttributes()).isFalse();
    assertThat(asked.get(1).getChecksumAlgorithm())
        .isEqualTo(ChecksumAlgorithm.CHECKSUM_ALGORITHM_SHA256);
    assertThat(copy(from + "x-amz-metadata-directive: copy").code()).isEqualTo("InvalidArgument");
    assertThat(copy(from + "x-amz-tagging-directive: MERGE").code()).isEqualTo("InvalidArgument");
    assertThat(copy(from + "x-amz-checksum-algorithm: MD4").code()).isEqualTo("InvalidRequest");
    assertThat(copy(from + "x-amz-tagging: a=b").code()).isEqualTo("NotImplemented");
  }

  @Test
  void conditionsOfSourceAndTargetAreToldApart() {
    copy(
        """
        x-amz-copy-source: from/a
        x-amz-copy-source-if-match: "s"
        x-amz-copy-source-if-unmodified-since: Sun, 01 Nov 2026 12:00:00 GMT
        If-Match: "t"\
        """);
    copy(
        """
        x-amz-copy-source: from/a
        x-amz-copy-source-if-none-match: "s"
        x-amz-copy-source-if-modified-since: Sun, 01 Nov 2026 12:00:00 GMT
        If-None-Match: *\
        """);

    assertThat(asked.getFirst().getSource().getConditions().getIfMatch().getEtagsList())
        .containsExactly("s");
    assertThat(asked.getFirst().getSource().getConditions().hasIfUnmodifiedSince()).isTrue();
    assertThat(asked.getFirst().getConditions().getIfMatch().getEtagsList()).containsExactly("t");
    assertThat(asked.get(1).getSource().getConditions().getIfNoneMatch().getEtagsList())
        .containsExactly("s");
    assertThat(asked.get(1).getSource().getConditions().hasIfModifiedSince()).isTrue();
    assertThat(asked.get(1).getConditions().getIfNoneMatch().getAny()).isTrue();
  }

  @Test
  void aMarkerIsNoSource() {
    s3.node.script(
        ObjectsGrpc.getCopyMethod(),
        request -> {
          throw Errors.of(Status.Code.NOT_FOUND, ErrorReason.ERROR_REASON_DELETE_MARKER, Map.of());
        });

    assertThat(copy("x-amz-copy-source: from/a?versionId=v").code()).isEqualTo("InvalidRequest");
  }

  @Test
  void anotherOwnerOfTheSourceThanExpectedIsDenied() {
    s3.node.store().addBucket("from", "user-ANN");
    String from = "x-amz-copy-source: from/a\nx-amz-source-expected-bucket-owner: user-";

    assertThat(copy(from + "BOB").code()).isEqualTo("AccessDenied");
    assertThat(copy(from + "ANN").status()).isEqualTo(200);
  }
}
