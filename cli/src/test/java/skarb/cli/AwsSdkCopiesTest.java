package skarb.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import skarb.cli.wiring.ServerConfig.TlsFiles;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.MetadataDirective;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// Copies as the AWS SDK for Java asks for them, in a whole server.
class AwsSdkCopiesTest extends AwsSdkFixture {
  private PutObjectResponse source = PutObjectResponse.builder().build();

  @Override
  Optional<TlsFiles> tls() {
    return Optional.empty();
  }

  @Override
  SdkHttpClient httpClient() {
    return Apache5HttpClient.create();
  }

  @BeforeEach
  void makeSource() {
    s3.createBucket(r -> r.bucket("from"));
    s3.createBucket(r -> r.bucket("target"));
    source =
        s3.putObject(
            r ->
                r.bucket("from")
                    .key("odd key+%2F?.txt")
                    .contentType("text/plain")
                    .metadata(Map.of("colour", "amber")),
            RequestBody.fromString("treasure"));
  }

  private static CopyObjectRequest.Builder copy() {
    return CopyObjectRequest.builder()
        .sourceBucket("from")
        .sourceKey("odd key+%2F?.txt")
        .destinationBucket("target")
        .destinationKey("copy");
  }

  private static void fails(ThrowingCallable call, int status, String code) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            S3Exception.class,
            e -> {
              assertThat(e.statusCode()).isEqualTo(status);
              assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code);
            });
  }

  @Test
  void bytesAndMetadataAreCopied() {
    CopyObjectResponse copied = s3.copyObject(copy().build());

    assertThat(copied.copyObjectResult().eTag()).isEqualTo(source.eTag());
    assertThat(copied.copyObjectResult().lastModified()).isNotNull();
    assertThat(get("target", "copy")).asString().isEqualTo("treasure");
    HeadObjectResponse head = s3.headObject(r -> r.bucket("target").key("copy"));
    assertThat(head.contentType()).isEqualTo("text/plain");
    assertThat(head.metadata()).containsEntry("colour", "amber");
  }

  @Test
  void largeObjectsAreCopied() {
    byte[] large = randomBytes(9_000_000);
    put("from", "large", large);
    s3.copyObject(copy().sourceKey("large").build());
    s3.deleteObject(r -> r.bucket("from").key("large"));

    assertThat(get("target", "copy")).isEqualTo(large);
  }

  @Test
  void metadataIsReplacedOnDemand() {
    s3.copyObject(
        copy()
            .metadataDirective(MetadataDirective.REPLACE)
            .contentType("text/csv")
            .metadata(Map.of("shape", "round"))
            .build());

    HeadObjectResponse head = s3.headObject(r -> r.bucket("target").key("copy"));
    assertThat(head.contentType()).isEqualTo("text/csv");
    assertThat(head.metadata()).containsExactlyEntriesOf(Map.of("shape", "round"));
  }

  @Test
  void aCopyOntoItselfMustChangeSomething() {
    CopyObjectRequest.Builder onto =
        copy().destinationBucket("from").destinationKey("odd key+%2F?.txt");
    fails(() -> s3.copyObject(onto.build()), 400, "InvalidRequest");

    s3.copyObject(
        onto.metadataDirective(MetadataDirective.REPLACE).metadata(Map.of("a", "b")).build());
    assertThat(s3.headObject(r -> r.bucket("from").key("odd key+%2F?.txt")).metadata())
        .containsExactlyEntriesOf(Map.of("a", "b"));
    assertThat(get("from", "odd key+%2F?.txt")).asString().isEqualTo("treasure");
  }

  @Test
  void conditionsOfTheSourceAndOfTheTargetMustHold() {
    fails(
        () -> s3.copyObject(copy().copySourceIfMatch("\"other\"").build()),
        412,
        "PreconditionFailed");
    fails(
        () -> s3.copyObject(copy().copySourceIfNoneMatch(source.eTag()).build()),
        412,
        "PreconditionFailed");
    s3.copyObject(copy().copySourceIfMatch(source.eTag()).ifNoneMatch("*").build());
    fails(() -> s3.copyObject(copy().ifNoneMatch("*").build()), 412, "PreconditionFailed");
    s3.copyObject(copy().ifMatch(source.eTag()).build());
    fails(() -> s3.copyObject(copy().sourceKey("none").build()), 404, "NoSuchKey");
    fails(() -> s3.copyObject(copy().sourceBucket("no-bucket").build()), 404, "NoSuchBucket");
  }

  @Test
  void versionsAreCopiedByTheirId() {
    s3.putBucketVersioning(r ->
        r.bucket("from").versioningConfiguration(v -> v.status(BucketVersioningStatus.ENABLED)));
    String first =
        s3.putObject(r -> r.bucket("from").key("k"), RequestBody.fromString("first")).versionId();
    put("from", "k", new byte[] {2});

    CopyObjectResponse copied =
        s3.copyObject(
            copy()
                .sourceKey("k")
                .sourceVersionId(first)
                .destinationBucket("from")
                .destinationKey("k")
                .build());
    assertThat(copied.copySourceVersionId()).isEqualTo(first);
    assertThat(copied.versionId()).isNotNull().isNotEqualTo(first);
    assertThat(get("from", "k")).asString().isEqualTo("first");
    String marker = s3.deleteObject(r -> r.bucket("from").key("k")).versionId();
    fails(
        () -> s3.copyObject(copy().sourceKey("k").sourceVersionId(marker).build()),
        400,
        "InvalidRequest");
    fails(() -> s3.copyObject(copy().sourceKey("k").build()), 404, "NoSuchKey");
  }

  @Test
  void anotherChecksumIsComputedOnDemand() {
    CopyObjectResponse copied =
        s3.copyObject(copy().checksumAlgorithm(ChecksumAlgorithm.SHA256).build());

    assertThat(copied.copyObjectResult().checksumSHA256()).isNotNull();
    assertThat(
            s3.headObject(r -> r.bucket("target").key("copy").checksumMode("ENABLED"))
                .checksumSHA256())
        .isEqualTo(copied.copyObjectResult().checksumSHA256());
  }
}
