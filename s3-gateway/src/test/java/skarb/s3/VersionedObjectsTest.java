package skarb.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import skarb.s3.HttpClientSocket.Answer;
import skarb.s3.fake.Errors;
import skarb.v1.DeleteBatchOutcome;
import skarb.v1.DeleteBatchRequest;
import skarb.v1.DeleteBatchResponse;
import skarb.v1.DeleteFailure;
import skarb.v1.DeleteResponse;
import skarb.v1.ErrorReason;
import skarb.v1.HeadResponse;
import skarb.v1.ObjectInfo;
import skarb.v1.ObjectsGrpc;

/// Versions and delete markers as they are read and deleted, one by one and in batches.
class VersionedObjectsTest {
  private static final String ANN = " HTTP/1.1\nHost: s3\nAuthorization: Key ANN\n";
  private final TestGateway s3 = new TestGateway();

  @AfterEach
  void close() {
    s3.close();
  }

  private Answer head(String target) {
    try (HttpClientSocket socket = s3.connect()) {
      return socket.send("HEAD /box/" + target + ANN + "\n").answerToHead();
    }
  }

  private void headFails(ErrorReason reason, Map<String, String> meta) {
    s3.node.script(
        ObjectsGrpc.getHeadMethod(),
        request -> {
          throw Errors.of(Status.Code.NOT_FOUND, reason, meta);
        });
  }

  @Test
  void versionsAreReadByTheirId() {
    s3.node.script(
        ObjectsGrpc.getHeadMethod(),
        request ->
            HeadResponse.newBuilder()
                .setInfo(ObjectInfo.newBuilder().setVersionId(request.getVersionId()))
                .build());

    assertThat(head("a?versionId=v%2B1").header("x-amz-version-id")).contains("v+1");
    assertThat(head("a?versionId=null").header("x-amz-version-id")).contains("null");
    assertThat(head("a?versionId=").status()).isEqualTo(400);
    assertThat(s3.ask("DELETE /box/a?versionId=" + ANN + "\n").code()).isEqualTo("InvalidArgument");
  }

  @Test
  void keptConflictsOfAKeyAreTold() {
    s3.node.script(
        ObjectsGrpc.getHeadMethod(),
        request ->
            HeadResponse.newBuilder()
                .setInfo(
                    ObjectInfo.newBuilder().setConflicts(request.getKey().equals("both") ? 2 : 0))
                .build());

    assertThat(head("both").header("x-skarb-conflicts")).contains("2");
    assertThat(head("one").header("x-skarb-conflicts")).isEmpty();
  }

  @Test
  void aMarkerThatIsCurrentIsNothingAndSaysSo() {
    headFails(
        ErrorReason.ERROR_REASON_NO_SUCH_KEY, Map.of("key", "a", "delete_marker_version_id", "m"));

    Answer answer = head("a");
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.header("x-amz-delete-marker")).contains("true");
    assertThat(answer.header("x-amz-version-id")).contains("m");
  }

  @Test
  void aMarkerAskedForByItsIdCanOnlyBeDeleted() {
    headFails(
        ErrorReason.ERROR_REASON_DELETE_MARKER,
        Map.of("key", "a", "version_id", "m", "last_modified_millis", "1700000000000"));

    Answer answer = head("a?versionId=m");
    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.header("allow")).contains("DELETE");
    assertThat(answer.header("x-amz-delete-marker")).contains("true");
    assertThat(answer.header("last-modified")).contains("Tue, 14 Nov 2023 22:13:20 GMT");
  }

  @Test
  void whatIsDeletedIsNamed() {
    s3.node.script(
        ObjectsGrpc.getDeleteMethod(),
        request ->
            switch (request.getVersionId()) {
              case "" ->
                  DeleteResponse.newBuilder().setVersionId("m").setDeleteMarker(true).build();
              case "never" -> DeleteResponse.getDefaultInstance();
              default -> DeleteResponse.newBuilder().setVersionId(request.getVersionId()).build();
            });

    Answer marked = s3.ask("DELETE /box/a" + ANN + "\n");
    assertThat(marked.status()).isEqualTo(204);
    assertThat(marked.header("x-amz-version-id")).contains("m");
    assertThat(marked.header("x-amz-delete-marker")).contains("true");
    Answer version = s3.ask("DELETE /box/a?versionId=v1" + ANN + "\n");
    assertThat(version.header("x-amz-version-id")).contains("v1");
    assertThat(version.header("x-amz-delete-marker")).isEmpty();
    Answer never = s3.ask("DELETE /box/a?versionId=never" + ANN + "\n");
    assertThat(never.status()).isEqualTo(204);
    assertThat(never.header("x-amz-version-id")).contains("never");
  }

  @Test
  void batchesSayWhatBecameOfEachVersion() throws Exception {
    s3.node.script(ObjectsGrpc.getDeleteBatchMethod(), VersionedObjectsTest::outcomes);
    String body =
        "<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Object><Key>a</Key></Object>"
            + "<Object><Key>a</Key><VersionId>m</VersionId></Object>"
            + "<Object><Key>a</Key><VersionId>v</VersionId></Object>"
            + "<Object><Key>b</Key><VersionId>null</VersionId><ETag>\"e\"</ETag></Object></Delete>";
    byte[] md5 =
        MessageDigest.getInstance("MD5").digest(body.getBytes(StandardCharsets.ISO_8859_1));

    Answer answer =
        s3.ask(
            "POST /box?delete"
                + ANN
                + "Content-MD5: "
                + Base64.getEncoder().encodeToString(md5)
                + "\nContent-Length: "
                + body.length()
                + "\n\n"
                + body);
    assertThat(answer.body())
        .endsWith(
            "\"><Deleted><Key>a</Key><DeleteMarker>true</DeleteMarker>"
                + "<DeleteMarkerVersionId>new</DeleteMarkerVersionId></Deleted>"
                + "<Deleted><Key>a</Key><VersionId>m</VersionId><DeleteMarker>true</DeleteMarker>"
                + "<DeleteMarkerVersionId>m</DeleteMarkerVersionId></Deleted>"
                + "<Deleted><Key>a</Key><VersionId>v</VersionId></Deleted>"
                + "<Error><Key>b</Key><VersionId>null</VersionId><Code>PreconditionFailed</Code>"
                + "<Message>At least one of the pre-conditions you specified did not hold</Message>"
                + "</Error></DeleteResult>");
  }

  private static DeleteBatchResponse outcomes(DeleteBatchRequest request) {
    assertThat(request.getItems(0).hasVersionId()).isFalse();
    assertThat(request.getItems(3).getConditions().getIfMatch().getEtagsList())
        .containsExactly("e");
    return DeleteBatchResponse.newBuilder()
        .addOutcomes(deleted("new", true))
        .addOutcomes(deleted(request.getItems(1).getVersionId(), true))
        .addOutcomes(deleted(request.getItems(2).getVersionId(), false))
        .addOutcomes(
            DeleteBatchOutcome.newBuilder()
                .setFailure(DeleteFailure.newBuilder().setReason("PRECONDITION_FAILED")))
        .build();
  }

  private static DeleteBatchOutcome deleted(String version, boolean marker) {
    return DeleteBatchOutcome.newBuilder()
        .setDeleted(DeleteResponse.newBuilder().setVersionId(version).setDeleteMarker(marker))
        .build();
  }

  @Test
  void conditionsOfDeletesAreTheNodesToJudgeAndOthersRefused() {
    Answer missed = s3.ask("DELETE /box/a" + ANN + "If-Match: \"x\"\n\n");
    assertThat(missed.code()).isEqualTo("NoSuchKey");
    for (String header :
        new String[] {
          "If-None-Match: *",
          "x-amz-if-match-size: 1",
          "x-amz-if-match-last-modified-time: Sun, 01 Nov 2026 12:00:00 GMT"
        }) {
      assertThat(s3.ask("DELETE /box/a" + ANN + header + "\n\n").status())
          .as(header)
          .isEqualTo(501);
    }
  }
}
