package skarb.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import skarb.cli.wiring.ServerConfig.TlsFiles;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.DeleteMarkerEntry;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.DeletedObject;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.ObjectVersion;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// Versions and delete markers as the AWS SDK for Java sees them, in a whole server.
class AwsSdkVersionsTest extends AwsSdkFixture {
  private static final String BUCKET = "versions";

  @Override
  Optional<TlsFiles> tls() {
    return Optional.empty();
  }

  @Override
  SdkHttpClient httpClient() {
    return Apache5HttpClient.create();
  }

  @BeforeEach
  void makeBucket() {
    s3.createBucket(r -> r.bucket(BUCKET));
  }

  private void versioning(BucketVersioningStatus status) {
    s3.putBucketVersioning(r -> r.bucket(BUCKET).versioningConfiguration(v -> v.status(status)));
  }

  private String write(String key, String body) {
    return s3.putObject(r -> r.bucket(BUCKET).key(key), RequestBody.fromString(body)).versionId();
  }

  private String read(String key, String version) {
    return s3.getObjectAsBytes(r -> r.bucket(BUCKET).key(key).versionId(version))
        .asString(StandardCharsets.UTF_8);
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
  void bucketsSayWhetherTheyKeepVersions() {
    assertThat(s3.getBucketVersioning(r -> r.bucket(BUCKET)).status()).isNull();
    versioning(BucketVersioningStatus.ENABLED);
    assertThat(s3.getBucketVersioning(r -> r.bucket(BUCKET)).status())
        .isEqualTo(BucketVersioningStatus.ENABLED);
    versioning(BucketVersioningStatus.SUSPENDED);
    assertThat(s3.getBucketVersioning(r -> r.bucket(BUCKET)).status())
        .isEqualTo(BucketVersioningStatus.SUSPENDED);
  }

  @Test
  void everyVersionIsKeptAndReadByItsId() {
    assertThat(write("k", "before")).isNull();
    versioning(BucketVersioningStatus.ENABLED);
    String first = write("k", "first");
    String second = write("k", "second");

    assertThat(read("k", "null")).isEqualTo("before");
    assertThat(read("k", first)).isEqualTo("first");
    assertThat(read("k", second)).isEqualTo("second");
    assertThat(s3.headObject(r -> r.bucket(BUCKET).key("k")).versionId()).isEqualTo(second);
    assertThat(s3.listObjectVersions(r -> r.bucket(BUCKET)).versions())
        .extracting(ObjectVersion::versionId)
        .containsExactly(second, first, "null");
    fails(() -> read("k", "no version"), 400, "InvalidArgument");
    fails(() -> read("other", first), 404, "NoSuchVersion");
  }

  @Test
  void aMarkerHidesAndCanBeTakenAway() {
    versioning(BucketVersioningStatus.ENABLED);
    String version = write("k", "kept");
    DeleteObjectResponse marked = s3.deleteObject(r -> r.bucket(BUCKET).key("k"));
    assertThat(marked.deleteMarker()).isTrue();

    fails(() -> get(BUCKET, "k"), 404, "NoSuchKey");
    fails(() -> read("k", marked.versionId()), 405, "MethodNotAllowed");
    assertThat(read("k", version)).isEqualTo("kept");
    ListObjectVersionsResponse listed = s3.listObjectVersions(r -> r.bucket(BUCKET));
    assertThat(listed.deleteMarkers())
        .singleElement()
        .returns(true, DeleteMarkerEntry::isLatest)
        .returns(marked.versionId(), DeleteMarkerEntry::versionId);
    assertThat(listed.versions()).singleElement().returns(false, ObjectVersion::isLatest);
    assertThatThrownBy(() -> s3.deleteBucket(r -> r.bucket(BUCKET)))
        .hasMessageContaining("not empty");

    DeleteObjectResponse unmarked =
        s3.deleteObject(r -> r.bucket(BUCKET).key("k").versionId(marked.versionId()));
    assertThat(unmarked.deleteMarker()).isTrue();
    assertThat(unmarked.versionId()).isEqualTo(marked.versionId());
    assertThat(get(BUCKET, "k")).asString().isEqualTo("kept");
  }

  @Test
  void batchesMakeMarkersAndRemoveVersions() {
    versioning(BucketVersioningStatus.ENABLED);
    String version = write("a", "1");
    write("b", "2");

    DeleteObjectsResponse deleted =
        s3.deleteObjects(r ->
            r.bucket(BUCKET)
                .delete(d ->
                    d.objects(
                        ObjectIdentifier.builder().key("a").versionId(version).build(),
                        ObjectIdentifier.builder().key("b").build())));
    assertThat(deleted.deleted().getFirst())
        .returns(version, DeletedObject::versionId)
        .returns(null, DeletedObject::deleteMarker);
    DeletedObject marker = deleted.deleted().get(1);
    assertThat(marker.versionId()).isNull();
    assertThat(marker.deleteMarker()).isTrue();
    DeletedObject unmarked =
        s3.deleteObjects(r ->
                r.bucket(BUCKET)
                    .delete(d ->
                        d.objects(
                            ObjectIdentifier.builder()
                                .key("b")
                                .versionId(marker.deleteMarkerVersionId())
                                .build())))
            .deleted()
            .getFirst();
    assertThat(unmarked.deleteMarker()).isTrue();
    assertThat(unmarked.deleteMarkerVersionId()).isEqualTo(marker.deleteMarkerVersionId());
    assertThat(unmarked.versionId()).isEqualTo(marker.deleteMarkerVersionId());
    assertThat(get(BUCKET, "b")).asString().isEqualTo("2");
  }

  @Test
  void suspendedBucketsHaveOneNullVersionOfAKey() {
    versioning(BucketVersioningStatus.ENABLED);
    String kept = write("k", "kept");
    versioning(BucketVersioningStatus.SUSPENDED);

    assertThat(write("k", "one")).isEqualTo("null");
    assertThat(write("k", "two")).isEqualTo("null");
    assertThat(s3.listObjectVersions(r -> r.bucket(BUCKET)).versions())
        .extracting(ObjectVersion::versionId)
        .containsExactly("null", kept);
    assertThat(s3.deleteObject(r -> r.bucket(BUCKET).key("k")).versionId()).isEqualTo("null");
    assertThat(s3.listObjectVersions(r -> r.bucket(BUCKET)).versions())
        .extracting(ObjectVersion::versionId)
        .containsExactly(kept);
  }

  @Test
  void versionsArePagedThroughInOrder() {
    versioning(BucketVersioningStatus.ENABLED);
    List<String> expected = new ArrayList<>();
    for (String key : List.of("a", "b/1", "b/2", "c")) {
      String first = write(key, "1");
      String second = write(key, "2");
      expected.add(key + " " + second);
      expected.add(key + " " + first);
    }

    for (int size : new int[] {1, 3, 8}) {
      List<String> listed =
          s3.listObjectVersionsPaginator(r -> r.bucket(BUCKET).maxKeys(size)).versions().stream()
              .map(version -> version.key() + " " + version.versionId())
              .toList();
      assertThat(listed).as("pages of " + size).isEqualTo(expected);
    }
    assertThat(
            s3
                .listObjectVersionsPaginator(r -> r.bucket(BUCKET).delimiter("/").maxKeys(1))
                .commonPrefixes()
                .stream()
                .map(prefix -> prefix.prefix())
                .toList())
        .containsExactly("b/");
    fails(
        () -> s3.listObjectVersions(r -> r.bucket(BUCKET).versionIdMarker("x")),
        400,
        "InvalidArgument");
  }

  @Test
  void deletesWaitForWhatTheyExpect() {
    versioning(BucketVersioningStatus.ENABLED);
    write("k", "one");
    String etag = s3.headObject(r -> r.bucket(BUCKET).key("k")).eTag();

    fails(
        () -> s3.deleteObject(r -> r.bucket(BUCKET).key("k").ifMatch("\"other\"")),
        412,
        "PreconditionFailed");
    assertThat(s3.deleteObject(r -> r.bucket(BUCKET).key("k").ifMatch(etag)).deleteMarker())
        .isTrue();
    // What a marker hides is not there: it may be written as if it never had been.
    s3.putObject(r -> r.bucket(BUCKET).key("k").ifNoneMatch("*"), RequestBody.fromString("again"));
    assertThat(get(BUCKET, "k")).asString().isEqualTo("again");
  }

  @Test
  void attributesAreTold() {
    versioning(BucketVersioningStatus.ENABLED);
    String version = write("k", "1");
    write("k", "22");

    assertThat(
            s3.getObjectAttributes(r ->
                r.bucket(BUCKET)
                    .key("k")
                    .versionId(version)
                    .objectAttributesWithStrings(
                        "ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize")))
        .satisfies(attributes -> {
          assertThat(attributes.objectSize()).isEqualTo(1);
          assertThat(attributes.eTag()).isEqualTo("c4ca4238a0b923820dcc509a6f75849b");
          assertThat(attributes.versionId()).isEqualTo(version);
          assertThat(attributes.objectParts()).isNull();
          assertThat(attributes.checksum().checksumTypeAsString()).isEqualTo("FULL_OBJECT");
        });
  }

  @Test
  void versionsAreThereAfterARestart() throws Exception {
    versioning(BucketVersioningStatus.ENABLED);
    String version = write("k", "kept");
    s3.deleteObject(r -> r.bucket(BUCKET).key("k"));
    stop();
    start();

    assertThat(read("k", version)).isEqualTo("kept");
    fails(() -> get(BUCKET, "k"), 404, "NoSuchKey");
  }
}
