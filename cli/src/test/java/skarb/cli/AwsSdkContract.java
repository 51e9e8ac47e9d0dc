package skarb.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/// A whole server as the AWS SDK for Java sees it. Over plain HTTP the SDK signs bodies chunk by
/// chunk, with a trailer; over TLS it sends them unsigned with a trailer: hence two subclasses.
abstract class AwsSdkContract extends AwsSdkFixture {
  @Test
  void bodiesOfEverySizeComeBackAsTheyWere() {
    s3.createBucket(r -> r.bucket("sizes"));
    for (int size : new int[] {0, 1, 4_096, 32_768, 32_769, 262_144, 262_145, 9_000_000}) {
      byte[] body = randomBytes(size);
      put("sizes", "size-" + size, body);
      assertThat(get("sizes", "size-" + size)).as("size " + size).isEqualTo(body);
    }
  }

  @Test
  void metadataHeadersAndEtagAreKept() {
    s3.createBucket(r -> r.bucket("headers"));
    PutObjectResponse put =
        s3.putObject(
            r ->
                r.bucket("headers")
                    .key("k")
                    .contentType("text/plain; charset=utf-8")
                    .cacheControl("max-age=5")
                    .contentDisposition("attachment")
                    .metadata(Map.of("colour", "amber")),
            RequestBody.fromString("treasure"));
    HeadObjectResponse head = s3.headObject(r -> r.bucket("headers").key("k"));
    assertThat(head.eTag()).isEqualTo(put.eTag()).matches("\"[0-9a-f]{32}\"");
    assertThat(head.contentLength()).isEqualTo(8);
    assertThat(head.contentType()).isEqualTo("text/plain; charset=utf-8");
    assertThat(head.cacheControl()).isEqualTo("max-age=5");
    assertThat(head.contentDisposition()).isEqualTo("attachment");
    assertThat(head.contentEncoding()).isNull();
    assertThat(head.metadata()).containsExactlyEntriesOf(Map.of("colour", "amber"));
  }

  @Test
  void rangesAreServedAndImpossibleOnesRefused() {
    s3.createBucket(r -> r.bucket("ranges"));
    byte[] body = randomBytes(5_000_000);
    put("ranges", "k", body);
    ResponseBytes<GetObjectResponse> middle =
        s3.getObjectAsBytes(r -> r.bucket("ranges").key("k").range("bytes=4194300-4194309"));
    assertThat(middle.asByteArray())
        .isEqualTo(java.util.Arrays.copyOfRange(body, 4_194_300, 4_194_310));
    assertThat(middle.response().contentRange()).isEqualTo("bytes 4194300-4194309/5000000");
    assertThat(
            s3.getObjectAsBytes(r -> r.bucket("ranges").key("k").range("bytes=-3")).asByteArray())
        .isEqualTo(java.util.Arrays.copyOfRange(body, 4_999_997, 5_000_000));
    assertThatThrownBy(
            () -> s3.getObjectAsBytes(r -> r.bucket("ranges").key("k").range("bytes=5000000-")))
        .isInstanceOfSatisfying(S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(416));
  }

  @Test
  void everyChecksumAlgorithmIsVerifiedAndReturned() {
    s3.createBucket(r -> r.bucket("checksums"));
    for (ChecksumAlgorithm algorithm :
        List.of(
            ChecksumAlgorithm.CRC32,
            ChecksumAlgorithm.CRC32_C,
            ChecksumAlgorithm.SHA1,
            ChecksumAlgorithm.SHA256)) {
      PutObjectResponse put =
          s3.putObject(
              r -> r.bucket("checksums").key("k").checksumAlgorithm(algorithm),
              RequestBody.fromBytes(randomBytes(100_000)));
      HeadObjectResponse head =
          s3.headObject(r -> r.bucket("checksums").key("k").checksumMode("ENABLED"));
      assertThat(
              java.util.stream.Stream.of(
                  head.checksumCRC32(),
                  head.checksumCRC32C(),
                  head.checksumSHA1(),
                  head.checksumSHA256()))
          .as(algorithm.toString())
          .containsExactlyInAnyOrder(
              put.checksumCRC32(), put.checksumCRC32C(), put.checksumSHA1(), put.checksumSHA256())
          .anyMatch(java.util.Objects::nonNull);
    }
  }

  @Test
  void listingsPageAndRollUp() {
    s3.createBucket(r -> r.bucket("lists"));
    List<String> keys =
        IntStream.range(0, 25).mapToObj(i -> "dir-" + i % 5 + "/key-" + i).sorted().toList();
    keys.forEach(key -> put("lists", key, new byte[] {1}));
    List<String> listed =
        s3.listObjectsV2Paginator(r -> r.bucket("lists").maxKeys(7)).contents().stream()
            .map(S3Object::key)
            .toList();
    assertThat(listed).isEqualTo(keys);
    ListObjectsV2Response first =
        s3.listObjectsV2(r -> r.bucket("lists").delimiter("/").maxKeys(3));
    assertThat(first.commonPrefixes())
        .extracting(CommonPrefix::prefix)
        .containsExactly("dir-0/", "dir-1/", "dir-2/");
    assertThat(first.isTruncated()).isTrue();
    ListObjectsV2Response second =
        s3.listObjectsV2(r ->
            r.bucket("lists")
                .delimiter("/")
                .maxKeys(3)
                .continuationToken(first.nextContinuationToken()));
    assertThat(second.commonPrefixes())
        .extracting(CommonPrefix::prefix)
        .containsExactly("dir-3/", "dir-4/");
    assertThat(second.isTruncated()).isFalse();
  }

  @Test
  void whatIsNotThereHasItsOwnErrors() {
    s3.createBucket(r -> r.bucket("errors"));
    assertThatThrownBy(() -> get("errors", "nothing")).isInstanceOf(NoSuchKeyException.class);
    assertThatThrownBy(() -> get("no-such-bucket", "nothing"))
        .isInstanceOf(NoSuchBucketException.class);
    assertThatThrownBy(() -> s3.createBucket(r -> r.bucket("xn--not-a-bucket")))
        .isInstanceOfSatisfying(
            S3Exception.class,
            e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("InvalidBucketName"));
    s3.deleteObject(r -> r.bucket("errors").key("nothing"));
  }

  @Test
  void conditionsAreJudgedAtTheCommit() {
    s3.createBucket(r -> r.bucket("conditions"));
    String etag =
        s3.putObject(
                r -> r.bucket("conditions").key("k").ifNoneMatch("*"),
                RequestBody.fromString("one"))
            .eTag();
    assertThatThrownBy(() ->
            s3.putObject(
                r -> r.bucket("conditions").key("k").ifNoneMatch("*"),
                RequestBody.fromString("two")))
        .isInstanceOfSatisfying(S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(412));
    s3.putObject(
        r -> r.bucket("conditions").key("k").ifMatch(etag), RequestBody.fromString("three"));
    assertThatThrownBy(() ->
            s3.putObject(
                r -> r.bucket("conditions").key("k").ifMatch(etag), RequestBody.fromString("four")))
        .isInstanceOfSatisfying(S3Exception.class, e -> assertThat(e.statusCode()).isEqualTo(412));
    assertThat(new String(get("conditions", "k"), java.nio.charset.StandardCharsets.UTF_8))
        .isEqualTo("three");
  }

  @Test
  void batchesDeleteAndBucketsMustBeEmpty() {
    s3.createBucket(r -> r.bucket("deletes"));
    put("deletes", "a", new byte[10]);
    put("deletes", "b", new byte[100_000]);
    assertThatThrownBy(() -> s3.deleteBucket(r -> r.bucket("deletes")))
        .hasMessageContaining("not empty");
    assertThat(
            s3.deleteObjects(r ->
                    r.bucket("deletes")
                        .delete(d ->
                            d.objects(
                                ObjectIdentifier.builder().key("a").build(),
                                ObjectIdentifier.builder().key("b").build(),
                                ObjectIdentifier.builder().key("never").build())))
                .deleted())
        .hasSize(3);
    s3.deleteBucket(r -> r.bucket("deletes"));
    assertThat(s3.listBuckets().buckets()).isEmpty();
  }

  @Test
  void aWrongSecretGetsNothing() throws Exception {
    try (S3Client wrong = client("another-secret")) {
      assertThatThrownBy(wrong::listBuckets)
          .isInstanceOfSatisfying(
              S3Exception.class,
              e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("SignatureDoesNotMatch"));
    }
  }

  @Test
  void aBucketOfOnesOwnMadeAgainIsNoLoss() {
    s3.createBucket(r -> r.bucket("again"));
    put("again", "k", new byte[] {1});
    try {
      s3.createBucket(r -> r.bucket("again"));
    } catch (BucketAlreadyOwnedByYouException e) {
      // Either answer is S3's, by region.
    }
    assertThat(get("again", "k")).containsExactly(1);
  }

  @Test
  void everythingIsThereAfterARestart() throws Exception {
    s3.createBucket(r -> r.bucket("restart"));
    byte[] small = randomBytes(1_000);
    byte[] large = randomBytes(6_000_000);
    put("restart", "small", small);
    put("restart", "large", large);
    put("restart", "gone", small);
    s3.deleteObject(r -> r.bucket("restart").key("gone"));
    stop();
    start();
    assertThat(get("restart", "small")).isEqualTo(small);
    assertThat(get("restart", "large")).isEqualTo(large);
    assertThatThrownBy(() -> get("restart", "gone")).isInstanceOf(NoSuchKeyException.class);
  }
}
