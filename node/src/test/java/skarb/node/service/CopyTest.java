package skarb.node.service;

import static org.assertj.core.api.Assertions.assertThat;
import static skarb.node.service.Failures.infoOf;
import static skarb.node.service.Failures.reasonOf;

import com.google.common.hash.Hashing;
import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skarb.v1.BucketsGrpc;
import skarb.v1.ByteRange;
import skarb.v1.ChecksumAlgorithm;
import skarb.v1.ChecksumType;
import skarb.v1.Checksums;
import skarb.v1.ContentHeaders;
import skarb.v1.CopyPartRequest;
import skarb.v1.CopyPartResponse;
import skarb.v1.CopyRequest;
import skarb.v1.CopyResponse;
import skarb.v1.CopySource;
import skarb.v1.DeleteRequest;
import skarb.v1.DeleteResponse;
import skarb.v1.EtagCondition;
import skarb.v1.HeadRequest;
import skarb.v1.KeyInfo;
import skarb.v1.KeyRole;
import skarb.v1.ObjectAttributes;
import skarb.v1.ObjectInfo;
import skarb.v1.PartInfo;
import skarb.v1.PutRequest;
import skarb.v1.PutResult;
import skarb.v1.ReadConditions;
import skarb.v1.SetVersioningRequest;
import skarb.v1.SetVersioningResponse;
import skarb.v1.UploadHeader;
import skarb.v1.Versioning;
import skarb.v1.WriteConditions;

/// Copies of objects and of parts on a whole node.
class CopyTest {
  private static final String BUCKET = "a-bucket";

  @TempDir Path directory;
  private NodeFixture node;
  private KeyInfo owner;
  private MultipartFixture client;

  @BeforeEach
  void start() throws IOException {
    node = new NodeFixture(directory);
    owner = node.createKey("AKOWNER", KeyRole.KEY_ROLE_UNSPECIFIED);
    assertThat(node.createBucket(owner, BUCKET).hasBucket()).isTrue();
    client = new MultipartFixture(node.gatewayFor(owner), BUCKET);
  }

  @AfterEach
  void stop() throws IOException {
    assertThat(node.budget.usedBytes()).isZero();
    node.close();
  }

  @Test
  void copyHasWhatItsSourceHasAndMovesNoData() {
    byte[] content = random(100_000);
    PutResult source = put("a", content, text("text/plain"));
    long before = node.bytesWritten();
    CopyResponse copy = client.objects.copy(copyOf("a", "b").build());
    assertThat(node.bytesWritten() - before).isLessThan(16 << 10);
    assertThat(copy.getResult()).isEqualTo(source);
    assertThat(copy.hasSourceVersionId()).isFalse();
    ObjectInfo info = head("b");
    assertThat(info.getAttributes()).isEqualTo(text("text/plain"));
    assertThat(info.getLastModified()).isEqualTo(copy.getLastModified());
    assertThat(client.read("b")).isEqualTo(content);
  }

  @Test
  void attributesAreReplacedWhereThatIsAsked() {
    PutResult _ = put("a", random(10), text("text/plain"));
    CopyResponse _ =
        client.objects.copy(
            copyOf("a", "a").setReplaceAttributes(true).setAttributes(text("a/b")).build());
    assertThat(head("a").getAttributes()).isEqualTo(text("a/b"));
    assertThat(client.read("a")).isEqualTo(random(10));
  }

  @Test
  void copyOntoItselfWithNothingChangedIsIllegal() {
    PutResult _ = put("a", random(10), text("text/plain"));
    assertThat(reasonOf(() -> client.objects.copy(copyOf("a", "a").build())))
        .isEqualTo("ILLEGAL_COPY");
  }

  @Test
  void olderVersionIsRestoredByACopyOntoItself() {
    enableVersions();
    PutResult old = put("a", random(10), text("text/plain"));
    PutResult _ = put("a", random(20), text("text/plain"));
    CopyRequest.Builder restore = copyOf("a", "a");
    restore.getSourceBuilder().setVersionId(old.getVersionId());
    CopyResponse restored = client.objects.copy(restore.build());
    assertThat(restored.getSourceVersionId()).isEqualTo(old.getVersionId());
    assertThat(restored.getResult().getVersionId()).isNotEmpty().isNotEqualTo(old.getVersionId());
    assertThat(client.read("a")).isEqualTo(random(10));
    restore.getSourceBuilder().setVersionId(restored.getResult().getVersionId());
    assertThat(reasonOf(() -> client.objects.copy(restore.build()))).isEqualTo("ILLEGAL_COPY");
  }

  @Test
  void sourceThatIsNotThereIsToldApart() {
    assertThat(reasonOf(() -> client.objects.copy(copyOf("a", "b").build())))
        .isEqualTo("NO_SUCH_KEY");
    enableVersions();
    PutResult _ = put("a", random(10), text("text/plain"));
    DeleteResponse deleted =
        client.objects.delete(DeleteRequest.newBuilder().setBucket(BUCKET).setKey("a").build());
    assertThat(reasonOf(() -> client.objects.copy(copyOf("a", "b").build())))
        .isEqualTo("NO_SUCH_KEY");
    CopyRequest.Builder ofMarker = copyOf("a", "b");
    ofMarker.getSourceBuilder().setVersionId(deleted.getVersionId());
    assertThat(reasonOf(() -> client.objects.copy(ofMarker.build()))).isEqualTo("DELETE_MARKER");
    CopyRequest.Builder elsewhere = copyOf("a", "b");
    elsewhere.getSourceBuilder().setBucket("nobodys");
    assertThat(reasonOf(() -> client.objects.copy(elsewhere.build()))).isEqualTo("NO_SUCH_BUCKET");
  }

  @Test
  void bothBucketsMustBeTheCallers() {
    KeyInfo other = node.createKey("AKOTHER", KeyRole.KEY_ROLE_UNSPECIFIED);
    assertThat(node.createBucket(other, "b-bucket").hasBucket()).isTrue();
    PutResult _ = put("a", random(10), text("text/plain"));
    CopyRequest there = copyOf("a", "b").setBucket("b-bucket").build();
    assertThat(reasonOf(() -> client.objects.copy(there))).isEqualTo("ACCESS_DENIED");
    assertThat(reasonOf(() -> node.objects(other).copy(there))).isEqualTo("ACCESS_DENIED");
  }

  @Test
  void conditionsOnTheSourceFailAsPreconditions() {
    PutResult source = put("a", random(10), text("text/plain"));
    EtagCondition same = EtagCondition.newBuilder().addEtags(source.getEtag()).build();
    EtagCondition another = EtagCondition.newBuilder().addEtags("x").build();
    Timestamp past = Timestamp.newBuilder().setSeconds(1).build();
    Timestamp future = Timestamp.newBuilder().setSeconds(1L << 33).build();
    for (ReadConditions fails :
        List.of(
            ReadConditions.newBuilder().setIfMatch(another).build(),
            ReadConditions.newBuilder().setIfNoneMatch(same).build(),
            ReadConditions.newBuilder().setIfUnmodifiedSince(past).build(),
            ReadConditions.newBuilder().setIfModifiedSince(future).build(),
            ReadConditions.newBuilder().setIfNoneMatch(same).setIfModifiedSince(past).build())) {
      CopyRequest.Builder copy = copyOf("a", "b");
      copy.getSourceBuilder().setConditions(fails);
      assertThat(reasonOf(() -> client.objects.copy(copy.build())))
          .isEqualTo("PRECONDITION_FAILED");
    }
    for (ReadConditions holds :
        List.of(
            ReadConditions.newBuilder().setIfMatch(same).setIfUnmodifiedSince(past).build(),
            ReadConditions.newBuilder().setIfNoneMatch(another).setIfModifiedSince(past).build())) {
      CopyRequest.Builder copy = copyOf("a", "b");
      copy.getSourceBuilder().setConditions(holds);
      CopyResponse _ = client.objects.copy(copy.build());
    }
  }

  @Test
  void conditionsOnTheTargetAreJudgedAtTheCommit() {
    PutResult _ = put("a", random(10), text("text/plain"));
    CopyRequest ifAbsent =
        copyOf("a", "b")
            .setConditions(
                WriteConditions.newBuilder()
                    .setIfNoneMatch(EtagCondition.newBuilder().setAny(true)))
            .build();
    CopyResponse _ = client.objects.copy(ifAbsent);
    assertThat(reasonOf(() -> client.objects.copy(ifAbsent))).isEqualTo("PRECONDITION_FAILED");
  }

  @Test
  void copyOfAnObjectInPartsIsOneBody() {
    byte[] content = random(MultipartFixture.MIN_PART + 10);
    upload("a", content, ChecksumAlgorithm.CHECKSUM_ALGORITHM_SHA256);
    assertThat(head("a").getChecksumType()).isEqualTo(ChecksumType.CHECKSUM_TYPE_COMPOSITE);
    CopyResponse copy = client.objects.copy(copyOf("a", "b").build());
    assertThat(copy.getResult().getEtag()).isEqualTo(md5(content));
    assertThat(copy.getResult().getChecksums().getSha256().toByteArray())
        .isEqualTo(Hashing.sha256().hashBytes(content).asBytes());
    ObjectInfo info = head("b");
    assertThat(info.getChecksumType()).isEqualTo(ChecksumType.CHECKSUM_TYPE_FULL_OBJECT);
    assertThat(info.hasPartsCount()).isFalse();
    assertThat(client.read("b")).isEqualTo(content);
  }

  @Test
  void anotherChecksumIsComputed() {
    PutResult source = put("a", random(100_000), text("text/plain"));
    CopyResponse copy =
        client.objects.copy(
            copyOf("a", "b")
                .setChecksumAlgorithm(ChecksumAlgorithm.CHECKSUM_ALGORITHM_SHA256)
                .build());
    assertThat(source.getChecksums().hasSha256()).isFalse();
    assertThat(copy.getResult().getChecksums())
        .isEqualTo(
            Checksums.newBuilder()
                .setMd5(source.getChecksums().getMd5())
                .setSha256(
                    ByteString.copyFrom(Hashing.sha256().hashBytes(random(100_000)).asBytes()))
                .build());
  }

  @Test
  void partsAreCopiedWholeAndByRanges() {
    byte[] content = random(2 * MultipartFixture.MIN_PART);
    PutResult source = upload("a", content, ChecksumAlgorithm.CHECKSUM_ALGORITHM_UNSPECIFIED);
    assertThat(source.getSize()).isEqualTo(content.length);
    CopyResponse _ = client.objects.copy(copyOf("a", "single").build());
    String upload = client.create("b");
    long before = node.bytesWritten();
    PartInfo whole = copyPart("a", "b", upload, 1, ByteRange.getDefaultInstance()).getPart();
    PartInfo single = copyPart("single", "b", upload, 2, ByteRange.getDefaultInstance()).getPart();
    PartInfo range = copyPart("a", "b", upload, 3, range(5_000_001, 5_999_999)).getPart();
    assertThat(node.bytesWritten() - before).isLessThan(32 << 10);
    assertThat(whole.getEtag()).isEqualTo(md5(content));
    assertThat(single.getEtag()).isEqualTo(whole.getEtag());
    assertThat(single.getChecksums()).isEqualTo(whole.getChecksums());
    assertThat(range.getEtag()).isEqualTo(md5(Arrays.copyOfRange(content, 5_000_001, 6_000_000)));
    PutResult _ = client.complete("b", upload, whole, single, range);
    byte[] read = client.read("b");
    assertThat(read).hasSize(2 * content.length + 999_999);
    assertThat(Arrays.copyOfRange(read, 2 * content.length, read.length))
        .isEqualTo(Arrays.copyOfRange(content, 5_000_001, 6_000_000));
  }

  @Test
  void rangesToCopyLieWithinTheSource() {
    PutResult _ = put("a", random(5), text("text/plain"));
    String upload = client.create("b");
    for (ByteRange wrong :
        List.of(
            range(0, 5),
            range(3, 2),
            range(0, -1),
            ByteRange.newBuilder().setFirst(0).build(),
            ByteRange.newBuilder().setSuffixLength(1).build())) {
      assertThat(infoOf(() -> copyPart("a", "b", upload, 1, wrong)).getReason())
          .isEqualTo("INVALID_COPY_RANGE");
    }
    assertThat(copyPart("a", "b", upload, 1, range(4, 4)).getPart().getSize()).isEqualTo(1);
  }

  @Test
  void partIsCopiedFromANamedVersion() {
    enableVersions();
    PutResult old = put("a", random(10), text("text/plain"));
    PutResult _ = put("a", random(20), text("text/plain"));
    String upload = client.create("b");
    CopyPartResponse copied =
        client.uploads.copyPart(
            CopyPartRequest.newBuilder()
                .setSource(
                    CopySource.newBuilder()
                        .setBucket(BUCKET)
                        .setKey("a")
                        .setVersionId(old.getVersionId()))
                .setBucket(BUCKET)
                .setKey("b")
                .setUploadId(upload)
                .setPartNumber(1)
                .build());
    assertThat(copied.getSourceVersionId()).isEqualTo(old.getVersionId());
    assertThat(copied.getPart().getEtag()).isEqualTo(old.getEtag());
  }

  private CopyPartResponse copyPart(
      String source, String key, String upload, int number, ByteRange range) {
    return client.uploads.copyPart(
        CopyPartRequest.newBuilder()
            .setSource(CopySource.newBuilder().setBucket(BUCKET).setKey(source))
            .setRange(range)
            .setBucket(BUCKET)
            .setKey(key)
            .setUploadId(upload)
            .setPartNumber(number)
            .build());
  }

  private static ByteRange range(long first, long last) {
    return ByteRange.newBuilder().setFirst(first).setLast(last).build();
  }

  private PutResult upload(String key, byte[] content, ChecksumAlgorithm algorithm) {
    String upload = client.create(key, algorithm, ChecksumType.CHECKSUM_TYPE_UNSPECIFIED);
    int cut = MultipartFixture.MIN_PART;
    PartInfo one = client.part(key, upload, 1, Arrays.copyOf(content, cut));
    PartInfo two = client.part(key, upload, 2, Arrays.copyOfRange(content, cut, content.length));
    return client.complete(key, upload, one, two);
  }

  private static CopyRequest.Builder copyOf(String source, String target) {
    return CopyRequest.newBuilder()
        .setSource(CopySource.newBuilder().setBucket(BUCKET).setKey(source))
        .setBucket(BUCKET)
        .setKey(target);
  }

  private PutResult put(String key, byte[] content, ObjectAttributes attributes) {
    return client
        .objects
        .put(
            PutRequest.newBuilder()
                .setHeader(
                    UploadHeader.newBuilder()
                        .setBucket(BUCKET)
                        .setKey(key)
                        .setAttributes(attributes))
                .setContent(ByteString.copyFrom(content))
                .build())
        .getResult();
  }

  private ObjectInfo head(String key) {
    return client
        .objects
        .head(HeadRequest.newBuilder().setBucket(BUCKET).setKey(key).build())
        .getInfo();
  }

  private void enableVersions() {
    SetVersioningResponse _ =
        BucketsGrpc.newBlockingStub(node.gatewayFor(owner))
            .setVersioning(
                SetVersioningRequest.newBuilder()
                    .setName(BUCKET)
                    .setVersioning(Versioning.VERSIONING_ENABLED)
                    .build());
  }

  private static ObjectAttributes text(String type) {
    return ObjectAttributes.newBuilder()
        .setHeaders(ContentHeaders.newBuilder().setContentType(type))
        .build();
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  @SuppressWarnings("deprecation") // S3's entity tags are MD5s
  private static String md5(byte[] content) {
    return HexFormat.of().formatHex(Hashing.md5().hashBytes(content).asBytes());
  }
}
