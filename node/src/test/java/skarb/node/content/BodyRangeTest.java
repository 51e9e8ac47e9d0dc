package skarb.node.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static skarb.node.content.ContentFixture.content;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import skarb.node.model.ChunkId;
import skarb.node.model.NodeException;
import skarb.node.segment.SegmentFixture;
import skarb.testkit.seed.Seeds;
import skarb.v1.ChunkReference;
import skarb.v1.ErrorReason;
import skarb.v1.Manifest;
import skarb.v1.ManifestNode;
import skarb.v1.ManifestNodeReference;

class BodyRangeTest {
  @Test
  void anyRangeIsThatOfTheBytes() {
    Seeds.forEach(
        15,
        (seed, random) -> {
          int chunkBytes = 1 + random.nextInt(2000);
          int size = 1 + random.nextInt(chunkBytes * 40);
          ContentConfig config = new ContentConfig(chunkBytes, 0, 5000, 1 << 20);
          try (ContentFixture fixture = new ContentFixture(config, new BodyBudget(1 << 20))) {
            byte[] body = content((int) seed, size);
            try (StoredBody stored = fixture.store(body)) {
              assertThat(fixture.read(stored.manifest())).isEqualTo(body);
              for (int i = 0; i < 50; i++) {
                checkRange(fixture, stored.manifest(), body, random, chunkBytes);
              }
            }
          }
        });
  }

  @Test
  void rangesAcrossTheBlocksAndChunksOfTheRealSizes() throws Exception {
    ContentConfig config = ContentConfig.standard();
    try (ContentFixture fixture = new ContentFixture(config, new BodyBudget(16 << 20))) {
      byte[] body = content(1, (9 << 20) + 4321);
      try (StoredBody stored = fixture.store(body)) {
        assertThat(stored.manifest().getChunksCount()).isEqualTo(3);
        Seeds.forEach(
            30, (seed, random) -> checkRange(fixture, stored.manifest(), body, random, 256 << 10));
      }
    }
  }

  /// Often at a border, or one off.
  private static void checkRange(
      ContentFixture fixture, Manifest manifest, byte[] body, RandomGenerator random, int border) {
    int from = position(random, body.length, border);
    int to = position(random, body.length, border);
    int first = Math.min(from, to);
    int length = Math.max(from, to) - first;
    byte[] expected = Arrays.copyOfRange(body, first, first + length);
    if (!Arrays.equals(fixture.read(manifest, first, length), expected)) {
      throw new AssertionError(length + " bytes from " + first);
    }
  }

  private static int position(RandomGenerator random, int size, int border) {
    int position = random.nextInt(size + 1);
    if (random.nextBoolean()) {
      position = position / border * border + random.nextInt(3) - 1;
    }
    return Math.clamp(position, 0, size);
  }

  @Test
  void referencesToPartsOfChunksAreFollowed() throws Exception {
    try (ContentFixture fixture = new ContentFixture()) {
      byte[] body = content(2, 1000);
      fixture.store(body).close();
      Manifest.Builder copy = Manifest.newBuilder().setSize(60);
      for (int offset : new int[] {0, 500, 980}) {
        copy.addChunks(reference(body, offset, 20));
      }

      assertThat(fixture.read(copy.build(), 10, 35))
          .isEqualTo(
              concat(
                  Arrays.copyOfRange(body, 10, 20),
                  Arrays.copyOfRange(body, 500, 520),
                  Arrays.copyOfRange(body, 980, 985)));
    }
  }

  @Test
  void rangesOutsideAreRefused() throws Exception {
    try (ContentFixture fixture = new ContentFixture();
        StoredBody stored = fixture.store(content(1, 3000))) {
      for (long[] range :
          new long[][] {{-1, 1}, {0, 3001}, {3000, 1}, {1, -1}, {1, Long.MAX_VALUE}}) {
        assertThatThrownBy(() -> fixture.read(stored.manifest(), range[0], range[1]))
            .isInstanceOf(IndexOutOfBoundsException.class);
      }
      assertThat(fixture.read(stored.manifest(), 3000, 0)).isEmpty();
    }
  }

  @Test
  void manifestsThatMakeNoSenseAreDamage() throws Exception {
    try (ContentFixture fixture = new ContentFixture()) {
      byte[] body = content(1, 1000);
      fixture.store(body).close();
      List<Manifest> broken = new ArrayList<>();
      broken.add(Manifest.newBuilder().setSize(2).addChunks(reference(body, 999, 2)).build());
      broken.add(Manifest.newBuilder().setSize(2).addChunks(reference(body, 0, 1)).build());
      broken.add(Manifest.newBuilder().setSize(1).addChunks(reference(body, -1, 1)).build());
      broken.add(
          Manifest.newBuilder().setSize(1).addChunks(reference(content(9, 9), 0, 1)).build());
      broken.add(
          Manifest.newBuilder().setSize(1).addNodes(node(SegmentFixture.id(body), 1)).build());
      broken.add(
          Manifest.newBuilder().setSize(1).addNodes(node(SegmentFixture.id(body), 2)).build());
      ManifestNode inner = ManifestNode.newBuilder().addChunks(reference(body, 0, 5)).build();
      fixture.store(inner.toByteArray()).close();
      broken.add(
          Manifest.newBuilder()
              .setSize(6)
              .addNodes(node(SegmentFixture.id(inner.toByteArray()), 6))
              .build());
      for (Manifest manifest : broken) {
        assertThatThrownBy(() -> fixture.read(manifest))
            .as(manifest.toString())
            .isInstanceOfSatisfying(
                NodeException.class,
                e -> assertThat(e.reason()).isEqualTo(ErrorReason.ERROR_REASON_DATA_DAMAGED));
      }
    }
  }

  private static ManifestNodeReference node(ChunkId id, long size) {
    return ManifestNodeReference.newBuilder()
        .setChunk(ByteString.copyFrom(id.toBytes()))
        .setSize(size)
        .build();
  }

  private static ChunkReference reference(byte[] chunk, int offset, int length) {
    return ChunkReference.newBuilder()
        .setChunk(ByteString.copyFrom(SegmentFixture.id(chunk).toBytes()))
        .setOffset(offset)
        .setLength(length)
        .build();
  }

  private static byte[] concat(byte[]... parts) {
    return ByteString.copyFrom(Arrays.stream(parts).map(ByteString::copyFrom).toList())
        .toByteArray();
  }
}
