package skarb.node.service;

import static org.assertj.core.api.Assertions.assertThat;
import static skarb.node.service.Failures.infoOf;
import static skarb.node.service.Failures.reasonOf;

import com.google.common.hash.Hashing;
import com.google.common.primitives.Bytes;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skarb.v1.ChecksumType;
import skarb.v1.Checksums;
import skarb.v1.ContentHeaders;
import skarb.v1.CreateUploadRequest;
import skarb.v1.CreateUploadResponse;
import skarb.v1.EtagCondition;
import skarb.v1.HeadRequest;
import skarb.v1.KeyInfo;
import skarb.v1.KeyRole;
import skarb.v1.ListPartsRequest;
import skarb.v1.ListPartsResponse;
import skarb.v1.ObjectAttributes;
import skarb.v1.ObjectInfo;
import skarb.v1.PartInfo;
import skarb.v1.PutRequest;
import skarb.v1.PutResponse;
import skarb.v1.PutResult;
import skarb.v1.UploadHeader;
import skarb.v1.WriteConditions;

/// Uploads in parts on a whole node, but for checksums, copies and listings, which have tests of
/// their own.
class MultipartServiceTest {
  private static final String BUCKET = "a-bucket";

  @TempDir Path directory;
  private NodeFixture node;
  private KeyInfo owner;
  private MultipartFixture client;

  @BeforeEach
  void start() throws IOException {
    open();
    assertThat(node.createBucket(owner, BUCKET).hasBucket()).isTrue();
  }

  private void open() throws IOException {
    node = new NodeFixture(directory);
    owner = node.createKey("AKOWNER", KeyRole.KEY_ROLE_UNSPECIFIED);
    client = new MultipartFixture(node.gatewayFor(owner), BUCKET);
  }

  @AfterEach
  void stop() throws IOException {
    assertThat(node.budget.usedBytes()).isZero();
    node.close();
  }

  @Test
  void partsBecomeAnObjectInTheOrderOfTheirNumbers() {
    byte[] first = random(MultipartFixture.MIN_PART + 1, 1);
    byte[] last = random(70_000, 2);
    String upload = create(ObjectAttributes.newBuilder().build());
    PartInfo two = client.part("k", upload, 9, last);
    PartInfo one = client.part("k", upload, 3, first);
    PutResult result = client.complete("k", upload, one, two);
    assertThat(result.getSize()).isEqualTo(first.length + last.length);
    assertThat(result.getEtag()).isEqualTo(etag(first, last));
    assertThat(client.read("k")).isEqualTo(Bytes.concat(first, last));
    assertThat(reasonOf(() -> client.parts("k", upload))).isEqualTo("NO_SUCH_UPLOAD");
  }

  @Test
  void objectHasWhatWasSaidWhenTheUploadWasOpened() {
    ObjectAttributes attributes =
        ObjectAttributes.newBuilder()
            .setHeaders(ContentHeaders.newBuilder().setContentType("text/plain"))
            .build();
    String upload = create(attributes);
    PutResult _ = client.complete("k", upload, client.part("k", upload, 1, random(5, 1)));
    ObjectInfo info = head("k");
    assertThat(info.getAttributes()).isEqualTo(attributes);
    assertThat(info.getPartsCount()).isEqualTo(1);
    assertThat(info.getChecksumType()).isEqualTo(ChecksumType.CHECKSUM_TYPE_FULL_OBJECT);
    assertThat(info.getChecksums().hasCrc64Nvme()).isTrue();
    assertThat(info.getChecksums().hasMd5()).isFalse();
  }

  @Test
  void partsThatAreNotNamedAreLetGo() {
    String upload = client.create("k");
    PartInfo _ = client.part("k", upload, 1, random(10, 1));
    PartInfo two = client.part("k", upload, 2, random(10, 2));
    PutResult _ = client.complete("k", upload, two);
    assertThat(client.read("k")).isEqualTo(random(10, 2));
  }

  @Test
  void partOfTheSameNumberReplacesTheOneBefore() {
    String upload = client.create("k");
    PartInfo before = client.part("k", upload, 1, random(10, 1));
    PartInfo after = client.part("k", upload, 1, random(10, 2));
    assertThat(client.parts("k", upload).getPartsList()).containsExactly(after);
    assertThat(reasonOf(() -> client.complete("k", upload, before))).isEqualTo("INVALID_PART");
    PutResult _ = client.complete("k", upload, after);
    assertThat(client.read("k")).isEqualTo(random(10, 2));
  }

  @Test
  void completionSaysWhatIsWrongAndLeavesTheUploadOpen() {
    String upload = client.create("k");
    PartInfo one = client.part("k", upload, 1, random(10, 1));
    PartInfo two = client.part("k", upload, 2, random(10, 2));
    assertThat(reasonOf(() -> client.complete("k", upload, two, one)))
        .isEqualTo("INVALID_PART_ORDER");
    assertThat(reasonOf(() -> client.complete("k", upload, two, two)))
        .isEqualTo("INVALID_PART_ORDER");
    assertThat(infoOf(() -> client.complete("k", upload, one, two)).getMetadataMap())
        .containsEntry("size", "10")
        .containsEntry("part_number", "1")
        .containsEntry("etag", one.getEtag())
        .containsEntry("min_size", "" + MultipartFixture.MIN_PART);
    PartInfo missing = two.toBuilder().setNumber(3).build();
    assertThat(infoOf(() -> client.complete("k", upload, missing)).getMetadataMap())
        .containsEntry("part_number", "3");
    assertThat(infoOf(() -> client.complete("k", upload)).getMetadataMap())
        .containsEntry("field", "parts");
    assertThat(
            infoOf(() ->
                    client.complete(client.completion("k", upload, List.of(one)).setObjectSize(11)))
                .getMetadataMap())
        .containsEntry("field", "object_size");
    PutResult _ = client.complete(client.completion("k", upload, List.of(one)).setObjectSize(10));
  }

  @Test
  void whatIsNoOpenUploadIsNoSuchUpload() throws Exception {
    String upload = client.create("k");
    for (String other : List.of("", "abc1234def", "u" + "0".repeat(32), upload + "0")) {
      assertThat(reasonOf(() -> client.part("k", other, 1, new byte[1])))
          .isEqualTo("NO_SUCH_UPLOAD");
      assertThat(reasonOf(() -> client.parts("k", other))).isEqualTo("NO_SUCH_UPLOAD");
      assertThat(reasonOf(() -> client.abort("k", other))).isEqualTo("NO_SUCH_UPLOAD");
    }
    assertThat(reasonOf(() -> client.parts("another-key", upload))).isEqualTo("NO_SUCH_UPLOAD");
    client.abort("k", upload);
    assertThat(reasonOf(() -> client.abort("k", upload))).isEqualTo("NO_SUCH_UPLOAD");
    assertThat(reasonOf(() -> client.part("k", upload, 1, new byte[1])))
        .isEqualTo("NO_SUCH_UPLOAD");
  }

  @Test
  void completingAgainAnswersTheSame() {
    String upload = client.create("k");
    PartInfo one = client.part("k", upload, 1, random(10, 1));
    PartInfo two = client.part("k", upload, 2, random(10, 2));
    PutResult result =
        client.complete(client.completion("k", upload, List.of(one)).setIdempotencyToken("t"));
    put("k", "something else since");
    assertThat(client.complete("k", upload, one)).isEqualTo(result);
    assertThat(
            client.complete(client.completion("k", upload, List.of(two)).setIdempotencyToken("t")))
        .isEqualTo(result);
    assertThat(reasonOf(() -> client.complete("k", upload, two))).isEqualTo("NO_SUCH_UPLOAD");
    assertThat(new String(client.read("k"), java.nio.charset.StandardCharsets.UTF_8))
        .isEqualTo("something else since");
  }

  @Test
  void conditionsAreJudgedAtTheCompletion() {
    String upload = client.create("k");
    PartInfo part = client.part("k", upload, 1, random(10, 1));
    put("k", "there");
    WriteConditions absent =
        WriteConditions.newBuilder()
            .setIfNoneMatch(EtagCondition.newBuilder().setAny(true))
            .build();
    assertThat(
            reasonOf(() ->
                client.complete(
                    client.completion("k", upload, List.of(part)).setConditions(absent))))
        .isEqualTo("PRECONDITION_FAILED");
    WriteConditions match =
        WriteConditions.newBuilder()
            .setIfMatch(EtagCondition.newBuilder().addEtags(head("k").getEtag()))
            .build();
    PutResult _ =
        client.complete(client.completion("k", upload, List.of(part)).setConditions(match));
  }

  @Test
  void partsAreListedPageByPage() {
    String upload = client.create("k");
    for (int number = 1; number <= 5; number++) {
      PartInfo _ = client.part("k", upload, number * 2, random(number, number));
    }
    ListPartsRequest first =
        ListPartsRequest.newBuilder()
            .setBucket(BUCKET)
            .setKey("k")
            .setUploadId(upload)
            .setPageSize(3)
            .build();
    ListPartsResponse page = client.uploads.listParts(first);
    assertThat(page.getPartsList()).extracting(PartInfo::getNumber).containsExactly(2, 4, 6);
    assertThat(page.getTruncated()).isTrue();
    assertThat(page.getUpload().getUploadId()).isEqualTo(upload);
    page = client.uploads.listParts(first.toBuilder().setAfterPartNumber(6).build());
    assertThat(page.getPartsList()).extracting(PartInfo::getSize).containsExactly(4L, 5L);
    assertThat(page.getTruncated()).isFalse();
    page = client.uploads.listParts(first.toBuilder().setPageSize(0).build());
    assertThat(page.getPartsCount()).isZero();
    assertThat(page.getTruncated()).isFalse();
    page = client.uploads.listParts(first.toBuilder().setAfterPartNumber(-1).build());
    assertThat(page.getPartsCount()).isZero();
  }

  @Test
  void partNumbersAreOneToTenThousand() {
    String upload = client.create("k");
    for (int number : List.of(0, 10_001, -1)) {
      assertThat(infoOf(() -> client.part("k", upload, number, new byte[1])).getMetadataMap())
          .containsEntry("field", "part_number");
    }
    PartInfo most = client.part("k", upload, 10_000, new byte[1]);
    assertThat(client.complete("k", upload, most).getSize()).isEqualTo(1);
  }

  @Test
  void openUploadsAreTheirOwnersAlone() {
    KeyInfo other = node.createKey("AKOTHER", KeyRole.KEY_ROLE_UNSPECIFIED);
    MultipartFixture stranger = new MultipartFixture(node.gatewayFor(other), BUCKET);
    String upload = client.create("k");
    assertThat(reasonOf(() -> stranger.create("k"))).isEqualTo("ACCESS_DENIED");
    assertThat(reasonOf(() -> stranger.parts("k", upload))).isEqualTo("ACCESS_DENIED");
    assertThat(reasonOf(() -> stranger.abort("k", upload))).isEqualTo("ACCESS_DENIED");
    assertThat(reasonOf(() -> stranger.part("k", upload, 1, new byte[1])))
        .isEqualTo("ACCESS_DENIED");
  }

  @Test
  void openUploadsSurviveRestarts() throws Exception {
    String upload = client.create("k");
    PartInfo one = client.part("k", upload, 1, random(MultipartFixture.MIN_PART, 1));
    node.close();
    open();
    PartInfo two = client.part("k", upload, 2, random(10, 2));
    assertThat(client.parts("k", upload).getPartsList()).containsExactly(one, two);
    PutResult result = client.complete("k", upload, one, two);
    node.close();
    open();
    assertThat(client.complete("k", upload, one, two)).isEqualTo(result);
  }

  @Test
  void completingManyPartsMovesNoData() throws Exception {
    byte[] content = random(MultipartFixture.MIN_PART, 1);
    String upload = client.create("k");
    PartInfo[] parts = new PartInfo[100];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = client.part("k", upload, i + 1, content);
    }
    long before = node.bytesWritten();
    PutResult result = client.complete("k", upload, parts);
    assertThat(result.getSize()).isEqualTo(100L * content.length);
    assertThat(node.bytesWritten() - before).isPositive().isLessThan(64 << 10);
    byte[] md5s = new byte[0];
    for (int i = 0; i < parts.length; i++) {
      md5s = Bytes.concat(md5s, md5(content));
    }
    assertThat(result.getEtag()).isEqualTo(hex(md5(md5s)) + "-100");
  }

  @Test
  void expectationsOfAPartAreChecked() {
    String upload = client.create("k");
    Checksums.Builder wrong = Checksums.newBuilder().setMd5(ByteString.copyFrom(new byte[16]));
    assertThat(
            reasonOf(() ->
                client.part(
                    client.header("k", upload, 1).setExpected(wrong).build(),
                    ByteString.copyFromUtf8("x"),
                    Checksums.newBuilder())))
        .isEqualTo("MD5_MISMATCH");
    assertThat(
            reasonOf(() ->
                client.part(
                    client.header("k", upload, 1).setContentLength(2).build(),
                    ByteString.copyFromUtf8("x"),
                    Checksums.newBuilder())))
        .isEqualTo("INCOMPLETE_BODY");
    assertThat(client.parts("k", upload).getPartsCount()).isZero();
  }

  private String create(ObjectAttributes attributes) {
    CreateUploadResponse response =
        client.uploads.create(
            CreateUploadRequest.newBuilder()
                .setBucket(BUCKET)
                .setKey("k")
                .setAttributes(attributes)
                .build());
    return response.getUploadId();
  }

  private void put(String key, String content) {
    PutResponse _ =
        client.objects.put(
            PutRequest.newBuilder()
                .setHeader(UploadHeader.newBuilder().setBucket(BUCKET).setKey(key))
                .setContent(ByteString.copyFromUtf8(content))
                .build());
  }

  private ObjectInfo head(String key) {
    return client
        .objects
        .head(HeadRequest.newBuilder().setBucket(BUCKET).setKey(key).build())
        .getInfo();
  }

  private static byte[] random(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static String etag(byte[]... parts) {
    byte[] md5s = Bytes.concat(Arrays.stream(parts).map(each -> md5(each)).toArray(byte[][]::new));
    return hex(md5(md5s)) + "-" + parts.length;
  }

  @SuppressWarnings("deprecation") // S3's entity tags are MD5s
  private static byte[] md5(byte[] content) {
    return Hashing.md5().hashBytes(content).asBytes();
  }

  private static String hex(byte[] bytes) {
    return java.util.HexFormat.of().formatHex(bytes);
  }
}
