package skarb.node.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static skarb.node.content.ContentFixture.checksumsOf;
import static skarb.node.content.ContentFixture.content;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import skarb.node.model.ChunkId;
import skarb.node.model.NodeException;
import skarb.testkit.seed.Seeds;
import skarb.v1.ChecksumAlgorithm;
import skarb.v1.Checksums;
import skarb.v1.ErrorReason;
import skarb.v1.Manifest;
import skarb.v1.ManifestNodeReference;

class BodyDigestsTest {
  @Test
  void aStoredBodyHasTheChecksumsOfItsBytes() {
    Seeds.forEach(
        40,
        (seed, random) -> {
          try (ContentFixture fixture = new ContentFixture()) {
            byte[] body = content((int) seed, 101 + random.nextInt(20_000));
            Set<ChecksumAlgorithm> wanted = EnumSet.noneOf(ChecksumAlgorithm.class);
            for (ChecksumAlgorithm algorithm : ChecksumAlgorithm.values()) {
              if (random.nextBoolean()) {
                wanted.add(algorithm);
              }
            }
            try (StoredBody stored = fixture.store(body)) {
              int first = random.nextInt(body.length);
              int length = random.nextInt(body.length - first + 1);
              try (ComposedManifest range =
                  new ManifestComposer(fixture.chunks).slice(stored.manifest(), first, length)) {
                assertThat(digests(fixture).compute(stored.manifest(), wanted))
                    .isEqualTo(expected(body, wanted));
                assertThat(digests(fixture).compute(range.manifest(), wanted))
                    .isEqualTo(expected(Arrays.copyOfRange(body, first, first + length), wanted));
              }
            }
            assertThat(fixture.budget.usedBytes()).isZero();
          }
        });
  }

  private static PartDigest expected(byte[] bytes, Set<ChecksumAlgorithm> wanted) {
    Map<BodyChecksum, ByteString> all = checksumsOf(bytes);
    Checksums.Builder checksums = Checksums.newBuilder();
    for (ChecksumAlgorithm algorithm : wanted) {
      BodyChecksum.of(algorithm)
          .ifPresent(kind -> kind.set(checksums, Objects.requireNonNull(all.get(kind))));
    }
    return new PartDigest(
        bytes.length, Objects.requireNonNull(all.get(BodyChecksum.MD5)), checksums.build());
  }

  @Test
  void alsoThoseOfNothing() throws Exception {
    try (ContentFixture fixture = new ContentFixture()) {
      Set<ChecksumAlgorithm> sha256 = EnumSet.of(ChecksumAlgorithm.CHECKSUM_ALGORITHM_SHA256);

      assertThat(digests(fixture).compute(Manifest.getDefaultInstance(), sha256))
          .isEqualTo(expected(new byte[0], sha256));
    }
  }

  @Test
  void aLargeBodyIsReadThroughASmallBudget() throws Exception {
    ContentConfig config = ContentConfig.standard();
    try (ContentFixture fixture = new ContentFixture(config, new BodyBudget(600 << 10))) {
      byte[] body = content(3, (5 << 20) + 17);
      Set<ChecksumAlgorithm> wanted =
          EnumSet.of(
              ChecksumAlgorithm.CHECKSUM_ALGORITHM_SHA1,
              ChecksumAlgorithm.CHECKSUM_ALGORITHM_SHA256,
              ChecksumAlgorithm.CHECKSUM_ALGORITHM_CRC32C);
      try (StoredBody stored = fixture.store(body)) {
        assertThat(digests(fixture).compute(stored.manifest(), wanted))
            .isEqualTo(expected(body, wanted));
      }
      assertThat(fixture.budget.usedBytes()).isZero();
    }
  }

  @Test
  void damageIsToldAndTheBudgetGivenBack() throws Exception {
    try (ContentFixture fixture = new ContentFixture()) {
      byte[] body = content(4, 20_000);
      try (StoredBody stored = fixture.store(body)) {
        Manifest.Builder broken = stored.manifest().toBuilder();
        List<ManifestNodeReference> nodes = new ArrayList<>(broken.getNodesList());
        broken
            .clearNodes()
            .addAllNodes(nodes)
            .addNodes(
                nodes.getFirst().toBuilder()
                    .setChunk(ByteString.copyFrom(new ChunkId(1, 2, 3, 4).toBytes())))
            .setSize(40_000);

        assertThatThrownBy(() ->
                digests(fixture)
                    .compute(
                        broken.build(), List.of(ChecksumAlgorithm.CHECKSUM_ALGORITHM_CRC64NVME)))
            .isInstanceOfSatisfying(
                NodeException.class,
                e -> assertThat(e.reason()).isEqualTo(ErrorReason.ERROR_REASON_DATA_DAMAGED));
      }
      assertThat(fixture.budget.usedBytes()).isZero();
    }
  }

  private static BodyDigests digests(ContentFixture fixture) {
    return new BodyDigests(fixture.seams, fixture.config, fixture.chunks, fixture.budget);
  }
}
