package skarb.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import skarb.cli.wiring.ServerConfig.TlsFiles;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListPartsResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/// Uploads in parts, by hand, as the AWS SDK for Java sees them.
class AwsSdkMultipartTest extends AwsSdkFixture {
  private static final String BUCKET = "parts";
  private static final String KEY = "dir/the key";
  private static final int FIVE_MIB = 5 << 20;

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

  private String open(ChecksumAlgorithm algorithm, ChecksumType type) {
    return s3.createMultipartUpload(r ->
            r.bucket(BUCKET)
                .key(KEY)
                .contentType("text/x-parts")
                .metadata(Map.of("color", "amber"))
                .checksumAlgorithm(algorithm)
                .checksumType(type))
        .uploadId();
  }

  private String open() {
    return open(ChecksumAlgorithm.CRC32, ChecksumType.COMPOSITE);
  }

  private CompletedPart upload(
      String uploadId, int number, byte[] body, ChecksumAlgorithm algorithm) {
    UploadPartResponse part =
        s3.uploadPart(
            r ->
                r.bucket(BUCKET)
                    .key(KEY)
                    .uploadId(uploadId)
                    .partNumber(number)
                    .checksumAlgorithm(algorithm),
            RequestBody.fromBytes(body));
    return CompletedPart.builder()
        .partNumber(number)
        .eTag(part.eTag())
        .checksumCRC32(part.checksumCRC32())
        .checksumCRC32C(part.checksumCRC32C())
        .checksumCRC64NVME(part.checksumCRC64NVME())
        .checksumSHA1(part.checksumSHA1())
        .checksumSHA256(part.checksumSHA256())
        .build();
  }

  private CompletedPart upload(String uploadId, int number, byte[] body) {
    return upload(uploadId, number, body, ChecksumAlgorithm.CRC32);
  }

  private CompleteMultipartUploadResponse complete(String uploadId, CompletedPart... parts) {
    return s3.completeMultipartUpload(
        r -> r.bucket(BUCKET).key(KEY).uploadId(uploadId).multipartUpload(m -> m.parts(parts)));
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static void assertCode(Throwable thrown, String code) {
    assertThat(thrown)
        .isInstanceOfSatisfying(
            S3Exception.class, e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code));
  }

  @Test
  void partsInAnyOrderBecomeOneObject() {
    byte[] first = randomBytes(FIVE_MIB);
    byte[] second = randomBytes(FIVE_MIB + 1);
    byte[] third = randomBytes(1_000);
    String upload = open();
    CompletedPart p9 = upload(upload, 9, third);
    CompletedPart p1 = upload(upload, 1, first);
    CompletedPart p4 = upload(upload, 4, second);
    assertThatThrownBy(() -> get(BUCKET, KEY)).isInstanceOf(NoSuchKeyException.class);

    CompleteMultipartUploadResponse completed = complete(upload, p1, p4, p9);
    assertThat(completed.eTag()).matches("\"[0-9a-f]{32}-3\"");
    assertThat(completed.checksumCRC32()).endsWith("-3");
    assertThat(completed.checksumType()).isEqualTo(ChecksumType.COMPOSITE);
    ResponseBytes<GetObjectResponse> got =
        s3.getObjectAsBytes(r -> r.bucket(BUCKET).key(KEY).checksumMode("ENABLED"));
    assertThat(got.asByteArray()).isEqualTo(joined(first, second, third));
    assertThat(got.response().eTag()).isEqualTo(completed.eTag());
    assertThat(got.response().contentType()).isEqualTo("text/x-parts");
    assertThat(got.response().metadata()).containsEntry("color", "amber");
    assertThat(got.response().checksumCRC32()).isEqualTo(completed.checksumCRC32());
    assertThat(
            s3.getObjectAsBytes(r ->
                    r.bucket(BUCKET).key(KEY).range("bytes=" + (FIVE_MIB - 2) + "-" + FIVE_MIB))
                .asByteArray())
        .isEqualTo(
            joined(Arrays.copyOfRange(first, FIVE_MIB - 2, FIVE_MIB), new byte[] {second[0]}));
  }

  @Test
  void completingAgainAnswersTheSame() {
    String upload = open();
    CompletedPart part = upload(upload, 1, randomBytes(1_000));

    CompleteMultipartUploadResponse first = complete(upload, part);
    CompleteMultipartUploadResponse again = complete(upload, part);
    assertThat(again.eTag()).isEqualTo(first.eTag());
    assertThat(again.checksumCRC32()).isEqualTo(first.checksumCRC32());
    assertThatThrownBy(() -> upload(upload, 2, new byte[1]))
        .isInstanceOf(NoSuchUploadException.class);
  }

  @Test
  void everyChecksumIsKeptInEveryWay() {
    for (ChecksumAlgorithm algorithm :
        List.of(
            ChecksumAlgorithm.CRC32,
            ChecksumAlgorithm.CRC32_C,
            ChecksumAlgorithm.CRC64_NVME,
            ChecksumAlgorithm.SHA1,
            ChecksumAlgorithm.SHA256)) {
      for (ChecksumType type : List.of(ChecksumType.COMPOSITE, ChecksumType.FULL_OBJECT)) {
        boolean sha = algorithm == ChecksumAlgorithm.SHA1 || algorithm == ChecksumAlgorithm.SHA256;
        boolean goTogether =
            type == ChecksumType.COMPOSITE ? algorithm != ChecksumAlgorithm.CRC64_NVME : !sha;
        if (!goTogether) {
          assertThatThrownBy(() -> open(algorithm, type))
              .satisfies(e -> assertCode(e, "InvalidRequest"));
          continue;
        }
        if (algorithm == ChecksumAlgorithm.CRC64_NVME) {
          continue; // The SDK computes it with native code that is no part of this build.
        }
        String upload = open(algorithm, type);
        CompletedPart one = upload(upload, 1, randomBytes(FIVE_MIB), algorithm);
        CompletedPart two = upload(upload, 2, randomBytes(10), algorithm);
        CompleteMultipartUploadResponse completed = complete(upload, one, two);
        assertThat(completed.checksumType()).as("%s %s", algorithm, type).isEqualTo(type);
        // The SDK checks the full-object ones against what it reads.
        assertThat(get(BUCKET, KEY)).hasSize(FIVE_MIB + 10);
      }
    }
  }

  @Test
  void listsThatDoNotFitAreRefused() {
    String upload = open();
    CompletedPart small = upload(upload, 1, randomBytes(100));
    CompletedPart second = upload(upload, 2, randomBytes(100));

    assertThatThrownBy(() -> complete(upload, small, second))
        .satisfies(e -> assertCode(e, "EntityTooSmall"));
    assertThatThrownBy(() -> complete(upload, second, small))
        .satisfies(e -> assertCode(e, "InvalidPartOrder"));
    assertThatThrownBy(() -> complete(upload, small.toBuilder().partNumber(3).build()))
        .satisfies(e -> assertCode(e, "InvalidPart"));
    assertThatThrownBy(() -> complete(upload, small.toBuilder().eTag(second.eTag() + "0").build()))
        .satisfies(e -> assertCode(e, "InvalidPart"));
    assertThatThrownBy(() -> complete(upload)).satisfies(e -> assertCode(e, "MalformedXML"));
    assertThatThrownBy(() -> complete("none", small)).isInstanceOf(NoSuchUploadException.class);
  }

  @Test
  void aCompletionMayHaveConditions() {
    put(BUCKET, KEY, randomBytes(10));
    String upload = open();
    CompletedPart part = upload(upload, 1, randomBytes(100));

    assertThatThrownBy(() ->
            s3.completeMultipartUpload(r ->
                r.bucket(BUCKET)
                    .key(KEY)
                    .uploadId(upload)
                    .ifNoneMatch("*")
                    .multipartUpload(m -> m.parts(part))))
        .satisfies(e -> assertCode(e, "PreconditionFailed"));
    assertThat(complete(upload, part).eTag()).endsWith("-1\"");
  }

  @Test
  void partsAreCopiedFromObjects() {
    byte[] source = randomBytes(6_000_000);
    put(BUCKET, "the source?+ü", source);
    String upload = open();
    List<CompletedPart> parts = new ArrayList<>();
    for (String range : new String[] {"bytes=0-5242879", "bytes=5999990-5999999"}) {
      int number = parts.size() + 1;
      var copied =
          s3.uploadPartCopy(r ->
                  r.sourceBucket(BUCKET)
                      .sourceKey("the source?+ü")
                      .copySourceRange(range)
                      .destinationBucket(BUCKET)
                      .destinationKey(KEY)
                      .uploadId(upload)
                      .partNumber(number))
              .copyPartResult();
      parts.add(
          CompletedPart.builder()
              .partNumber(number)
              .eTag(copied.eTag())
              .checksumCRC32(copied.checksumCRC32())
              .build());
    }

    complete(upload, parts.toArray(CompletedPart[]::new));
    assertThat(get(BUCKET, KEY))
        .isEqualTo(
            joined(
                Arrays.copyOf(source, FIVE_MIB), Arrays.copyOfRange(source, 5_999_990, 6_000_000)));
  }

  @Test
  void partsAndUploadsAreListedPageByPage() {
    String first = open();
    String second = open();
    for (int number : new int[] {3, 1, 2}) {
      upload(first, number, randomBytes(number));
    }

    List<Integer> numbers =
        s3
            .listPartsPaginator(r -> r.bucket(BUCKET).key(KEY).uploadId(first).maxParts(2))
            .parts()
            .stream()
            .map(Part::partNumber)
            .toList();
    assertThat(numbers).containsExactly(1, 2, 3);
    ListPartsResponse page =
        s3.listParts(r -> r.bucket(BUCKET).key(KEY).uploadId(first).maxParts(2));
    assertThat(page.isTruncated()).isTrue();
    assertThat(page.parts().getFirst().size()).isEqualTo(1);
    assertThat(page.parts().getFirst().checksumCRC32()).isNotNull();
    assertThat(page.checksumAlgorithm()).isEqualTo(ChecksumAlgorithm.CRC32);

    List<String> uploads =
        s3.listMultipartUploadsPaginator(r -> r.bucket(BUCKET).maxUploads(1)).uploads().stream()
            .map(MultipartUpload::uploadId)
            .toList();
    assertThat(uploads).containsExactly(first, second);
    ListMultipartUploadsResponse rolled =
        s3.listMultipartUploads(r -> r.bucket(BUCKET).delimiter("/"));
    assertThat(rolled.uploads()).isEmpty();
    assertThat(rolled.commonPrefixes().getFirst().prefix()).isEqualTo("dir/");
  }

  @Test
  void openUploadsSurviveARestartAndEndWhenAborted() throws Exception {
    String upload = open();
    CompletedPart part = upload(upload, 1, randomBytes(300_000));
    stop();
    start();

    assertThat(
            s3.listParts(r -> r.bucket(BUCKET).key(KEY).uploadId(upload)).parts().getFirst().eTag())
        .isEqualTo(part.eTag());
    s3.abortMultipartUpload(r -> r.bucket(BUCKET).key(KEY).uploadId(upload));
    assertThatThrownBy(() -> complete(upload, part)).isInstanceOf(NoSuchUploadException.class);
    assertThat(s3.listMultipartUploads(r -> r.bucket(BUCKET)).uploads()).isEmpty();
  }
}
