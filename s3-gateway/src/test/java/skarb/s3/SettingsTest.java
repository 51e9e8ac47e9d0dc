package skarb.s3;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import skarb.s3.HttpClientSocket.Answer;

/// Settings that cannot be made: reads say that nobody made them, writes are refused.
class SettingsTest {
  private static final String ANN = " HTTP/1.1\nHost: s3\nAuthorization: Key ANN\n";
  private static final String BOB = " HTTP/1.1\nHost: s3\nAuthorization: Key BOB\n";
  private final TestGateway s3 = new TestGateway();

  @AfterEach
  void close() {
    s3.close();
  }

  @ParameterizedTest
  @CsvSource({
    "cors, 404, NoSuchCORSConfiguration",
    "encryption, 404, ServerSideEncryptionConfigurationNotFoundError",
    "lifecycle, 404, NoSuchLifecycleConfiguration",
    "object-lock, 404, ObjectLockConfigurationNotFoundError",
    "ownershipControls, 404, OwnershipControlsNotFoundError",
    "policy, 404, NoSuchBucketPolicy",
    "policyStatus, 404, NoSuchBucketPolicy",
    "publicAccessBlock, 404, NoSuchPublicAccessBlockConfiguration",
    "replication, 404, ReplicationConfigurationNotFoundError",
    "tagging, 404, NoSuchTagSet",
    "website, 404, NoSuchWebsiteConfiguration",
    "analytics&id=1, 404, NoSuchConfiguration",
    "intelligent-tiering&id=1, 404, NoSuchConfiguration",
    "inventory&id=1, 404, NoSuchConfiguration",
    "metrics&id=1, 404, NoSuchConfiguration",
  })
  void whatABucketHasNotIsNotFound(String query, int status, String code) {
    Answer answer = s3.ask("GET /box?" + query + ANN + "\n");
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.code()).isEqualTo(code);
    assertThat(answer.body()).contains("<BucketName>box</BucketName>");

    assertThat(s3.ask("GET /none?" + query + ANN + "\n").code()).isEqualTo("NoSuchBucket");
    assertThat(s3.ask("GET /box?" + query + BOB + "\n").code()).isEqualTo("AccessDenied");
  }

  @ParameterizedTest
  @CsvSource({
    "abac, AbacStatus, <Status>Disabled</Status>",
    "accelerate, AccelerateConfiguration, ''",
    "analytics, ListBucketAnalyticsConfigurationResult, <IsTruncated>false</IsTruncated>",
    "intelligent-tiering, ListBucketIntelligentTieringConfigurationsOutput,"
        + " <IsTruncated>false</IsTruncated>",
    "inventory, ListInventoryConfigurationsResult, <IsTruncated>false</IsTruncated>",
    "logging, BucketLoggingStatus, ''",
    "metrics, ListMetricsConfigurationsResult, <IsTruncated>false</IsTruncated>",
    "notification, NotificationConfiguration, ''",
    "requestPayment, RequestPaymentConfiguration, <Payer>BucketOwner</Payer>",
    "versioning, VersioningConfiguration, ''",
  })
  void whatHasADefaultShowsIt(String query, String root, String content) {
    Answer answer = s3.ask("GET /box?" + query + ANN + "\n");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body())
        .endsWith(
            "<%s xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">%s</%s>"
                .formatted(root, content, root));
    assertThat(s3.ask("GET /none?" + query + ANN + "\n").code()).isEqualTo("NoSuchBucket");
    assertThat(s3.ask("GET /box?" + query + BOB + "\n").code()).isEqualTo("AccessDenied");
  }

  @Test
  void objectsHaveNoTags() {
    s3.node.store().version();
    s3.ask("PUT /box/a" + ANN + "Content-Length: 0\n\n");

    Answer answer = s3.ask("GET /box/a?tagging" + ANN + "\n");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).contains("<TagSet></TagSet>");
    assertThat(answer.header("x-amz-version-id")).contains("v1");
    assertThat(s3.ask("GET /box/b?tagging" + ANN + "\n").code()).isEqualTo("NoSuchKey");
    assertThat(s3.ask("GET /box/a?tagging&versionId=" + ANN + "\n").code())
        .isEqualTo("InvalidArgument");
  }

  @Test
  void ownersMayDoEverything() {
    s3.ask("PUT /box/a" + ANN + "Content-Length: 0\n\n");
    for (String target : new String[] {"/box?acl", "/box/a?acl"}) {
      Answer answer = s3.ask("GET " + target + ANN + "\n");
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body())
          .contains("<Owner><ID>user-ANN</ID><DisplayName>Owner</DisplayName></Owner>")
          .contains(
              "<Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
                  + " xsi:type=\"CanonicalUser\"><ID>user-ANN</ID>")
          .contains("<Permission>FULL_CONTROL</Permission>");
    }
    assertThat(s3.ask("GET /box/b?acl" + ANN + "\n").code()).isEqualTo("NoSuchKey");
  }

  @Test
  void bucketsWithoutALockHaveNoLockedObjects() {
    assertThat(s3.ask("GET /box/a?retention" + ANN + "\n").code()).isEqualTo("InvalidRequest");
    assertThat(s3.ask("GET /box/a?legal-hold" + ANN + "\n").code()).isEqualTo("InvalidRequest");
    assertThat(s3.ask("GET /none/a?retention" + ANN + "\n").code()).isEqualTo("NoSuchBucket");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PUT /box?abac",
        "PUT /box?accelerate",
        "PUT /box?acl",
        "PUT /box?analytics&id=1",
        "PUT /box?cors",
        "PUT /box?encryption",
        "PUT /box?intelligent-tiering&id=1",
        "PUT /box?inventory&id=1",
        "PUT /box?lifecycle",
        "PUT /box?logging",
        "PUT /box?metrics&id=1",
        "PUT /box?notification",
        "PUT /box?object-lock",
        "PUT /box?ownershipControls",
        "PUT /box?policy",
        "PUT /box?publicAccessBlock",
        "PUT /box?replication",
        "PUT /box?requestPayment",
        "PUT /box?tagging",
        "PUT /box?website",
        "POST /box?metadataTable",
        "POST /box?metadataConfiguration",
        "DELETE /box?cors",
        "DELETE /box?encryption",
        "DELETE /box?lifecycle",
        "DELETE /box?ownershipControls",
        "DELETE /box?policy",
        "DELETE /box?publicAccessBlock",
        "DELETE /box?replication",
        "DELETE /box?tagging",
        "DELETE /box?website",
        "PUT /box/a?acl",
        "PUT /box/a?legal-hold",
        "PUT /box/a?retention",
        "PUT /box/a?tagging",
        "PUT /box/a?encryption",
        "PUT /box/a?renameObject",
        "DELETE /box/a?tagging",
        "POST /box/a?restore",
        "POST /box/a?select&select-type=2",
        "GET /box/a?torrent",
        "PUT /box?unheard-of",
        "PUT /box/a?unheard-of",
        "DELETE /box/a?unheard-of",
      })
  void whatIsNotServedIsSaidToBeSoAndDoesNothing(String line) {
    s3.ask("PUT /box/a" + ANN + "Content-Length: 1\n\na");
    s3.node.calls().clear();
    try (HttpClientSocket socket = s3.connect()) {
      Answer answer = socket.send(line + ANN + "Content-Length: 5\n\n<a/>\n").answer();
      assertThat(answer.status()).isEqualTo(501);
      assertThat(answer.code()).isEqualTo("NotImplemented");
    }
    assertThat(s3.node.calls()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "x-amz-acl: public-read, 501, NotImplemented",
    "x-amz-acl: everybody, 400, InvalidArgument",
    "x-amz-grant-read: id=1, 501, NotImplemented",
    "x-amz-storage-class: GLACIER, 501, NotImplemented",
    "x-amz-storage-class: TAPE, 400, InvalidStorageClass",
    "x-amz-tagging: a=b, 501, NotImplemented",
    "x-amz-website-redirect-location: /b, 501, NotImplemented",
    "x-amz-server-side-encryption: AES256, 501, NotImplemented",
    "x-amz-server-side-encryption-customer-algorithm: AES256, 501, NotImplemented",
    "x-amz-server-side-encryption-aws-kms-key-id: k, 501, NotImplemented",
    "x-amz-server-side-encryption-bucket-key-enabled: true, 501, NotImplemented",
    "x-amz-object-lock-mode: GOVERNANCE, 501, NotImplemented",
    "x-amz-object-lock-retain-until-date: 2030-01-01T00:00:00Z, 501, NotImplemented",
    "x-amz-object-lock-legal-hold: ON, 501, NotImplemented",
    "x-amz-write-offset-bytes: 1, 501, NotImplemented",
    "Content-Range: bytes 0-0/2, 501, NotImplemented",
    "'If-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 GMT', 501, NotImplemented",
    "'If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT', 501, NotImplemented",
  })
  void headersThatAskForWhatIsNotServedAreRefused(String header, int status, String code) {
    for (String line :
        new String[] {
          "PUT /box/a",
          "PUT /box/a?uploadId=u&partNumber=1",
          "POST /box/a?uploads",
          "POST /box/a?uploadId=u",
        }) {
      Answer answer = s3.ask(line + ANN + header + "\nContent-Length: 1\n\na");
      assertThat(answer.status()).as(line).isEqualTo(status);
      assertThat(answer.code()).as(line).isEqualTo(code);
    }
    assertThat(s3.ask("PUT /box/b" + ANN + header + "\nx-amz-copy-source: box/a\n\n").code())
        .isEqualTo(code);
    assertThat(s3.node.calls()).isEmpty();
  }

  @Test
  void deletesDependOnTagsAlone() {
    for (String header :
        new String[] {
          "If-None-Match: *",
          "If-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 GMT",
          "x-amz-if-match-size: 1",
          "x-amz-if-match-last-modified-time: Sun, 06 Nov 1994 08:49:37 GMT"
        }) {
      assertThat(s3.ask("DELETE /box/a" + ANN + header + "\n\n").status()).isEqualTo(501);
    }
    assertThat(s3.node.calls()).isEmpty();
  }

  @Test
  void everyAnswerNamesItsRequestItsHostAndItsRegion() {
    s3.ask("PUT /box/a" + ANN + "Content-Length: 1\n\na");
    for (String line :
        new String[] {
          "GET /",
          "GET /box",
          "GET /box?policy",
          "GET /box/a",
          "GET /box/b",
          "GET /box/%zz",
          "PUT /box/a",
          "DELETE /box/a",
          "POST /box/a",
          "OPTIONS /box/a",
          "GET box"
        }) {
      Answer answer = s3.ask(line + ANN + "Content-Length: 0\n\n");
      assertThat(answer.header("x-amz-request-id").orElse("")).as(line).hasSizeGreaterThan(8);
      assertThat(answer.header("x-amz-id-2").orElse("")).as(line).isNotEmpty();
      assertThat(answer.header("x-amz-bucket-region")).as(line).contains("us-east-1");
      assertThat(answer.header("date")).as(line).isPresent();
      assertThat(answer.header("server")).as(line).isPresent();
    }
  }
}
