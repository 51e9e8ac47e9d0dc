package skarb.node.service;

import static org.assertj.core.api.Assertions.assertThat;
import static skarb.node.service.Failures.infoOf;
import static skarb.node.service.Failures.reasonOf;

import com.google.common.hash.Hashing;
import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skarb.v1.ChecksumAlgorithm;
import skarb.v1.ChecksumType;
import skarb.v1.Checksums;
import skarb.v1.CompleteUploadRequest;
import skarb.v1.CompletedPart;
import skarb.v1.CreateUploadRequest;
import skarb.v1.CreateUploadResponse;
import skarb.v1.KeyInfo;
import skarb.v1.KeyRole;
import skarb.v1.PartInfo;
import skarb.v1.PutResult;

/// The checksums of uploads in parts.
class MultipartChecksumTest {
  private static final String BUCKET = "a-bucket";
  private static final ChecksumAlgorithm NONE = ChecksumAlgorithm.CHECKSUM_ALGORITHM_UNSPECIFIED;
  private static final ChecksumAlgorithm SHA256 = ChecksumAlgorithm.CHECKSUM_ALGORITHM_SHA256;
  private static final ChecksumAlgorithm CRC32 = ChecksumAlgorithm.CHECKSUM_ALGORITHM_CRC32;
  private static final ChecksumAlgorithm CRC64NVME = ChecksumAlgorithm.CHECKSUM_ALGORITHM_CRC64NVME;
  private static final ChecksumType UNSAID = ChecksumType.CHECKSUM_TYPE_UNSPECIFIED;
  private static final ChecksumType COMPOSITE = ChecksumType.CHECKSUM_TYPE_COMPOSITE;
  private static final ChecksumType FULL_OBJECT = ChecksumType.CHECKSUM_TYPE_FULL_OBJECT;

  @TempDir Path directory;
  private NodeFixture node;
  private MultipartFixture client;

  @BeforeEach
  void start() throws IOException {
    node = new NodeFixture(directory);
    KeyInfo owner = node.createKey("AKOWNER", KeyRole.KEY_ROLE_UNSPECIFIED);
    assertThat(node.createBucket(owner, BUCKET).hasBucket()).isTrue();
    client = new MultipartFixture(node.gatewayFor(owner), BUCKET);
  }

  @AfterEach
  void stop() throws IOException {
    node.close();
  }

  @Test
  void typeFollowsFromTheAlgorithmWhereItIsNotSaid() {
    assertThat(inForce(NONE, UNSAID)).isEqualTo("CRC64NVME FULL_OBJECT");
    assertThat(inForce(CRC64NVME, UNSAID)).isEqualTo("CRC64NVME FULL_OBJECT");
    assertThat(inForce(SHA256, UNSAID)).isEqualTo("SHA256 COMPOSITE");
    assertThat(inForce(CRC32, UNSAID)).isEqualTo("CRC32 COMPOSITE");
    assertThat(inForce(CRC32, FULL_OBJECT)).isEqualTo("CRC32 FULL_OBJECT");
    assertThat(inForce(NONE, FULL_OBJECT)).isEqualTo("CRC64NVME FULL_OBJECT");
  }

  @Test
  void typeMustGoWithTheAlgorithm() {
    assertThat(reasonOf(() -> inForce(SHA256, FULL_OBJECT))).isEqualTo("INVALID_CHECKSUM_TYPE");
    assertThat(reasonOf(() -> inForce(NONE, COMPOSITE))).isEqualTo("INVALID_CHECKSUM_TYPE");
    assertThat(infoOf(() -> inForce(CRC64NVME, COMPOSITE)).getMetadataMap())
        .containsEntry("algorithm", "crc64nvme")
        .containsEntry("checksum_type", "COMPOSITE");
  }

  /// The values are S3's for these bodies.
  @Test
  void fullObjectChecksumIsCombinedOfTheParts() {
    assertThat(combined(CRC32).getCrc32()).isEqualTo(base64("WgDhBQ=="));
    assertThat(combined(CRC64NVME).getCrc64Nvme()).isEqualTo(base64("i+6LR0y3eFo="));
    assertThat(combined(NONE).getCrc64Nvme()).isEqualTo(base64("i+6LR0y3eFo="));
  }

  private Checksums combined(ChecksumAlgorithm algorithm) {
    String upload = client.create("k", algorithm, FULL_OBJECT);
    PutResult result =
        client.complete("k", upload, part(upload, 1), part(upload, 2), part(upload, 3));
    assertThat(result.getChecksumType()).isEqualTo(FULL_OBJECT);
    return result.getChecksums();
  }

  /// The values are S3's for these bodies.
  @Test
  void compositeChecksumIsThatOfThePartsChecksums() {
    String upload = client.create("k", SHA256, UNSAID);
    PartInfo one = part(upload, 1);
    assertThat(one.getChecksums().getSha256())
        .isEqualTo(base64("275VF5loJr1YYawit0XSHREhkFXYkkPKGuoK0x9VKxI="));
    PutResult result = client.complete("k", upload, one, part(upload, 2), part(upload, 3));
    assertThat(result.getEtag()).isEqualTo("b2add96cc9702bbf4efb0ccdfc6b7747-3");
    assertThat(result.getChecksums())
        .isEqualTo(
            Checksums.newBuilder()
                .setSha256(base64("uWBwpe1dxI4Vw8Gf0X9ynOdw/SS6VBzfWm9giiv1sf4="))
                .build());
    assertThat(result.getChecksumType()).isEqualTo(COMPOSITE);
  }

  @Test
  void compositeCompletionRepeatsTheChecksumsOfTheParts() {
    String upload = client.create("k", SHA256, UNSAID);
    PartInfo part = client.part("k", upload, 1, new byte[5]);
    CompleteUploadRequest.Builder without =
        CompleteUploadRequest.newBuilder()
            .setBucket(BUCKET)
            .setKey("k")
            .setUploadId(upload)
            .addParts(CompletedPart.newBuilder().setNumber(1).setEtag(part.getEtag()));
    assertThat(infoOf(() -> client.complete(without)).getMetadataMap())
        .containsEntry("field", "parts.checksums");
    CompleteUploadRequest.Builder wrong = without.clone();
    wrong
        .getPartsBuilder(0)
        .setChecksums(Checksums.newBuilder().setSha256(ByteString.copyFrom(new byte[32])));
    assertThat(reasonOf(() -> client.complete(wrong))).isEqualTo("INVALID_PART");
    assertThat(client.complete("k", upload, part).getSize()).isEqualTo(5);
  }

  @Test
  void whatTheObjectMustHaveIsChecked() {
    String upload = client.create("k", CRC32, FULL_OBJECT);
    PartInfo part = client.part("k", upload, 1, new byte[5]);
    CompleteUploadRequest.Builder completion = client.completion("k", upload, List.of(part));
    assertThat(reasonOf(() -> client.complete(completion.clone().setChecksumType(COMPOSITE))))
        .isEqualTo("CHECKSUM_TYPE_MISMATCH");
    Checksums.Builder wrong = Checksums.newBuilder().setCrc32(ByteString.copyFrom(new byte[4]));
    assertThat(infoOf(() -> client.complete(completion.clone().setExpected(wrong))))
        .satisfies(info -> assertThat(info.getReason()).isEqualTo("CHECKSUM_MISMATCH"))
        .satisfies(info -> assertThat(info.getMetadataMap()).containsEntry("algorithm", "CRC32"));
    Checksums.Builder other = Checksums.newBuilder().setCrc32C(ByteString.copyFrom(new byte[4]));
    assertThat(infoOf(() -> client.complete(completion.clone().setExpected(other))))
        .satisfies(info -> assertThat(info.getReason()).isEqualTo("CHECKSUM_TYPE_MISMATCH"))
        .satisfies(info ->
            assertThat(info.getMetadataMap())
                .containsEntry("expected", "crc32")
                .containsEntry("actual", "crc32c"));
    Checksums right = Checksums.newBuilder().setCrc32(part.getChecksums().getCrc32()).build();
    PutResult _ =
        client.complete(completion.clone().setExpected(right).setChecksumType(FULL_OBJECT));
  }

  @Test
  void partOfAnotherAlgorithmThanAskedForIsRefused() {
    String upload = client.create("k", SHA256, UNSAID);
    Checksums.Builder crc = Checksums.newBuilder().setCrc32(ByteString.copyFrom(new byte[4]));
    assertThat(
            infoOf(() ->
                    client.part(
                        client.header("k", upload, 1).setExpected(crc).build(),
                        ByteString.EMPTY,
                        Checksums.newBuilder()))
                .getMetadataMap())
        .containsEntry("expected", "sha256")
        .containsEntry("actual", "crc32");
    assertThat(
            reasonOf(() ->
                client.part(
                    client.header("k", upload, 1).setChecksumAlgorithm(CRC32).build(),
                    ByteString.EMPTY,
                    Checksums.newBuilder())))
        .isEqualTo("CHECKSUM_TYPE_MISMATCH");
    assertThat(
            reasonOf(
                () -> client.part(client.header("k", upload, 1).build(), ByteString.EMPTY, crc)))
        .isEqualTo("CHECKSUM_TYPE_MISMATCH");
  }

  @Test
  void signedHashIsNoChecksumOfThePart() {
    String upload = client.create("k", CRC32, UNSAID);
    ByteString content = ByteString.copyFromUtf8("content");
    Checksums.Builder signed =
        Checksums.newBuilder()
            .setSha256(
                ByteString.copyFrom(Hashing.sha256().hashBytes(content.toByteArray()).asBytes()));
    PartInfo part =
        client.part(
            client.header("k", upload, 1).setExpected(signed).setSignedSha256(true).build(),
            content,
            Checksums.newBuilder());
    assertThat(part.getChecksums().hasSha256()).isFalse();
    assertThat(part.getChecksums().hasCrc32()).isTrue();
  }

  @Test
  void partsMayHaveChecksumsThatNobodyAskedForAndTheObjectHasItsOwn() {
    String upload = client.create("k");
    ByteString content = ByteString.copyFromUtf8("content");
    Checksums.Builder sha256 =
        Checksums.newBuilder()
            .setSha256(
                ByteString.copyFrom(Hashing.sha256().hashBytes(content.toByteArray()).asBytes()));
    PartInfo part =
        client.part(
            client.header("k", upload, 1).setChecksumAlgorithm(SHA256).build(), content, sha256);
    assertThat(part.getChecksums().getSha256()).isEqualTo(sha256.getSha256());
    assertThat(part.getChecksums().hasCrc64Nvme()).isTrue();
    Checksums.Builder wrong = sha256.clone().setSha256(ByteString.copyFrom(new byte[32]));
    assertThat(reasonOf(() -> client.part(client.header("k", upload, 1).build(), content, wrong)))
        .isEqualTo("CHECKSUM_MISMATCH");
    PutResult result = client.complete("k", upload, part);
    assertThat(result.getChecksums().hasCrc64Nvme()).isTrue();
    assertThat(result.getChecksums().hasSha256()).isFalse();
  }

  private PartInfo part(String upload, int number) {
    byte[] content = new byte[MultipartFixture.MIN_PART];
    Arrays.fill(content, (byte) ('A' + number - 1));
    return client.part("k", upload, number, content);
  }

  private String inForce(ChecksumAlgorithm algorithm, ChecksumType type) {
    CreateUploadResponse response =
        client.uploads.create(
            CreateUploadRequest.newBuilder()
                .setBucket(BUCKET)
                .setKey("k")
                .setChecksumAlgorithm(algorithm)
                .setChecksumType(type)
                .build());
    return response.getChecksumAlgorithm().name().replace("CHECKSUM_ALGORITHM_", "")
        + " "
        + response.getChecksumType().name().replace("CHECKSUM_TYPE_", "");
  }

  private static ByteString base64(String text) {
    return ByteString.copyFrom(Base64.getDecoder().decode(text));
  }
}
