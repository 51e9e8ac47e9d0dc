package skarb.node.content;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static skarb.node.content.ContentFixture.content;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import skarb.node.disk.EncodedChunk;
import skarb.node.model.ChunkId;
import skarb.node.model.NodeException;
import skarb.node.segment.ChunkStore;
import skarb.node.segment.Pin;
import skarb.node.segment.SegmentFixture;
import skarb.testkit.disk.DiskOperation;
import skarb.testkit.disk.FailureMode;
import skarb.v1.ChecksumAlgorithm;
import skarb.v1.Checksums;
import skarb.v1.ErrorReason;
import skarb.v1.Manifest;

class BodyWriterTest {
  private final ContentFixture fixture;

  BodyWriterTest() throws IOException {
    fixture = new ContentFixture();
  }

  @AfterEach
  void nothingIsHeld() throws IOException {
    assertThat(fixture.budget.usedBytes()).isZero();
    fixture.close();
    fixture.segments.disk.checkNoOpenFiles();
  }

  @Test
  void aBodyIsCutIntoChunksThatAreDurable() throws Exception {
    byte[] body = content(1, 12_345);
    StoredBody stored = fixture.store(body);

    assertThat(stored.size()).isEqualTo(12_345);
    assertThat(stored.journaled()).isEmpty();
    Manifest manifest = stored.manifest();
    assertThat(manifest.getSize()).isEqualTo(12_345);
    assertThat(manifest.getChunksCount()).isEqualTo(13);
    assertThat(manifest.getNodesCount()).isZero();
    assertThat(manifest.getChunks(12).getLength()).isEqualTo(345);
    assertThat(stored.pins()).hasSize(13);
    assertThat(fixture.read(manifest)).isEqualTo(body);
    for (Pin pin : stored.pins()) {
      assertThat(fixture.chunks.condemn(pin.chunk())).isFalse();
    }

    stored.close();
    stored.close();
    fixture.segments.disk.crashLosingUnforced();
    assertThat(fixture.read(manifest)).isEqualTo(body);
    assertThat(fixture.chunks.condemn(stored.pins().getFirst().chunk())).isTrue();
  }

  @Test
  void aNearlyFullDiskTakesNoSmallBodiesEither() throws Exception {
    fixture.segments.disk.setUsableSpace(10_000);
    try (ChunkStore guarded = fixture.segments.openWithMargin(fixture.seams, 5_000)) {
      storeSmall(guarded).close();
      fixture.segments.disk.setUsableSpace(5_010);
      assertThatThrownBy(() -> storeSmall(guarded))
          .isInstanceOfSatisfying(
              NodeException.class,
              e -> assertThat(e.reason()).isEqualTo(ErrorReason.ERROR_REASON_DISK_FULL));
    }
  }

  private StoredBody storeSmall(ChunkStore guarded) throws InterruptedException {
    try (BodyWriter writer =
        new BodyWriter(
            fixture.seams, fixture.config, guarded, fixture.budget, BodyPromise.none())) {
      writer.write(ByteString.copyFrom(content(1, 50)));
      return writer.finish(Checksums.getDefaultInstance());
    }
  }

  @Test
  void theSameBodyTakesNoMoreRoom() throws Exception {
    StoredBody first = fixture.store(content(1, 5000));
    long bytes = fixture.chunks.bytes();
    StoredBody second = fixture.store(content(1, 5000));

    assertThat(second.manifest()).isEqualTo(first.manifest());
    assertThat(fixture.chunks.bytes()).isEqualTo(bytes);
    first.close();
    assertThat(fixture.chunks.condemn(second.pins().getFirst().chunk())).isFalse();
    second.close();
  }

  @Test
  void aSmallBodyIsHandedOnForTheJournal() throws Exception {
    byte[] body = content(2, 100);
    StoredBody stored = fixture.store(body);

    assertThat(stored.pins()).isEmpty();
    assertThat(stored.manifest().getChunksCount()).isEqualTo(1);
    EncodedChunk chunk = stored.journaled().getFirst();
    assertThat(chunk.id()).isEqualTo(SegmentFixture.id(body));
    assertThat(ChunkId.of(stored.manifest().getChunks(0).getChunk())).isEqualTo(chunk.id());
    assertThat(chunk.buffers().get(1)).isEqualTo(ByteBuffer.wrap(body));
    assertThat(fixture.chunks.bytes()).isZero();
    assertThat(fixture.budget.usedBytes()).isEqualTo(1024);
    stored.close();

    StoredBody larger = fixture.store(content(2, 101));
    assertThat(larger.journaled()).isEmpty();
    larger.close();
  }

  @Test
  void anEmptyBodyHasNoChunks() throws Exception {
    for (ChecksumAlgorithm algorithm :
        new ChecksumAlgorithm[] {
          ChecksumAlgorithm.CHECKSUM_ALGORITHM_UNSPECIFIED,
          ChecksumAlgorithm.CHECKSUM_ALGORITHM_SHA256
        }) {
      StoredBody stored =
          fixture.store(
              new byte[0], ContentFixture.asking(algorithm), Checksums.getDefaultInstance());

      assertThat(stored.manifest()).isEqualTo(Manifest.getDefaultInstance());
      assertThat(stored.journaled()).isEmpty();
      Map<BodyChecksum, ByteString> expected = ContentFixture.checksumsOf(new byte[0]);
      assertThat(stored.md5()).isEqualTo(expected.get(BodyChecksum.MD5));
      BodyChecksum kind = BodyChecksum.of(algorithm).orElse(BodyChecksum.CRC64NVME);
      assertThat(kind.in(stored.checksums())).contains(expected.get(kind));
      assertThat(fixture.read(stored.manifest())).isEmpty();
      stored.close();
    }
  }

  @Test
  void aFrameThatDoesNotMatchItsCrcIsRefused() {
    try (BodyWriter writer = fixture.writer(BodyPromise.none())) {
      assertThatThrownBy(() -> writer.write(ByteString.copyFromUtf8("skarb"), 1))
          .satisfies(e -> assertReason(e, ErrorReason.ERROR_REASON_FRAME_CHECKSUM_MISMATCH));
    }
  }

  @Test
  void aBodyOfAnotherLengthThanPromisedIsIncomplete() throws Exception {
    BodyPromise ten =
        new BodyPromise(
            OptionalLong.of(10),
            Checksums.getDefaultInstance(),
            false,
            ChecksumAlgorithm.CHECKSUM_ALGORITHM_UNSPECIFIED);
    try (BodyWriter writer = fixture.writer(ten)) {
      writer.write(ByteString.copyFromUtf8("123456789"));
      assertThatThrownBy(() -> writer.finish(Checksums.getDefaultInstance()))
          .isInstanceOfSatisfying(
              NodeException.class,
              e -> {
                assertReason(e, ErrorReason.ERROR_REASON_INCOMPLETE_BODY);
                assertThat(e.metadata())
                    .containsEntry("expected", "10")
                    .containsEntry("actual", "9");
              });
    }
    try (BodyWriter writer = fixture.writer(ten)) {
      assertThatThrownBy(() -> writer.write(ByteString.copyFromUtf8("12345678901")))
          .satisfies(e -> assertReason(e, ErrorReason.ERROR_REASON_INCOMPLETE_BODY));
    }
    try (BodyWriter writer = fixture.writer(ten)) {
      writer.write(ByteString.copyFromUtf8("1234567890"));
      writer.finish(Checksums.getDefaultInstance()).close();
    }
  }

  @Test
  void aBodyOverTheLimitIsRefusedAsSoonAsItIs() throws Exception {
    try (BodyWriter writer = fixture.writer(BodyPromise.none())) {
      ByteString megabyte = ByteString.copyFrom(new byte[1 << 20]);
      for (int i = 0; i < 10; i++) {
        writer.write(megabyte);
      }
      assertThatThrownBy(() -> writer.write(ByteString.copyFromUtf8("1")))
          .satisfies(e -> assertReason(e, ErrorReason.ERROR_REASON_ENTITY_TOO_LARGE));
    }
  }

  @Test
  void anUploadThatIsGivenUpLeavesNothingPinned() throws Exception {
    byte[] body = content(3, 5000);
    try (BodyWriter writer = fixture.writer(BodyPromise.none())) {
      writer.write(ByteString.copyFrom(body));
    }
    ChunkId first = SegmentFixture.id(java.util.Arrays.copyOf(body, 1000));
    assertThat(fixture.chunks.condemn(first)).isTrue();
    org.awaitility.Awaitility.await().until(() -> fixture.budget.usedBytes() == 0);
  }

  @Test
  void aDiskThatFailsEndsTheUpload() throws Exception {
    fixture.segments.disk.failWhen(
        operation -> operation.kind() == DiskOperation.Kind.WRITE && operation.from() > 2000,
        FailureMode.ONCE);
    assertThatThrownBy(() -> fixture.store(content(4, 9000)))
        .satisfies(e -> assertReason(e, ErrorReason.ERROR_REASON_READ_ONLY));
    assertThatThrownBy(() -> fixture.store(content(5, 9000)))
        .satisfies(e -> assertReason(e, ErrorReason.ERROR_REASON_READ_ONLY));
    org.awaitility.Awaitility.await().until(() -> fixture.budget.usedBytes() == 0);
  }

  @Test
  void aDiskThatFailsToForceEndsTheUpload() {
    fixture.segments.disk.failWhen(
        operation -> operation.kind() == DiskOperation.Kind.FORCE, 2, FailureMode.ONCE);
    assertThatThrownBy(() -> fixture.store(content(4, 9000)))
        .satisfies(e -> assertReason(e, ErrorReason.ERROR_REASON_READ_ONLY));
  }

  @Test
  void itIsFinishedOnce() throws Exception {
    try (BodyWriter writer = fixture.writer(BodyPromise.none())) {
      writer.write(ByteString.copyFrom("skarb", US_ASCII));
      writer.finish(Checksums.getDefaultInstance()).close();
      assertThatThrownBy(() -> writer.write(ByteString.EMPTY))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  private static void assertReason(Throwable e, ErrorReason reason) {
    assertThat(e).isInstanceOf(NodeException.class);
    assertThat(((NodeException) e).reason()).isEqualTo(reason);
  }
}
