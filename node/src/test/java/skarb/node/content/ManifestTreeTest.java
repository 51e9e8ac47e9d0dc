package skarb.node.content;

import static org.assertj.core.api.Assertions.assertThat;
import static skarb.node.content.ContentFixture.content;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import skarb.node.model.ChunkId;
import skarb.v1.Manifest;
import skarb.v1.ManifestNode;
import skarb.v1.ManifestNodeReference;

class ManifestTreeTest {
  private final MemoryNodes nodes = new MemoryNodes();

  @Test
  void upTo16ChunksLieInTheManifest() {
    for (int count = 0; count <= 16; count++) {
      Manifest manifest = build(count);
      assertThat(manifest.getChunksCount()).isEqualTo(count);
      assertThat(manifest.getNodesCount()).isZero();
      assertThat(manifest.getSize()).isEqualTo(7L * count);
    }
    assertThat(nodes.stored()).isZero();
  }

  @Test
  void moreAreATreeOfEqualDepthThatHoldsThemInOrder() {
    int fanOut = ManifestBuilder.FAN_OUT;
    for (int count :
        new int[] {
          17, fanOut, fanOut + 1, 2 * fanOut, 16 * fanOut, 16 * fanOut + 1, 17 * fanOut + 5, 40_000
        }) {
      Manifest manifest = build(count);

      assertThat(manifest.getChunksCount()).isZero();
      assertThat(manifest.getNodesCount()).isBetween(1, 16);
      assertThat(manifest.getSerializedSize()).isLessThan(1000);
      int[] next = {0};
      int depth = count <= 16 * fanOut ? 1 : 2;
      for (ManifestNodeReference node : manifest.getNodesList()) {
        walk(node, depth, next);
      }
      assertThat(next[0]).isEqualTo(count);
    }
  }

  private void walk(ManifestNodeReference reference, int depth, int[] next) {
    ManifestNode node = nodes.load(reference);
    assertThat(reference.getHeight()).isEqualTo(depth - 1);
    int first = next[0];
    assertThat(node.getChunksCount() + node.getNodesCount()).isBetween(1, ManifestBuilder.FAN_OUT);
    assertThat(node.getChunksCount() > 0).isEqualTo(depth == 1);
    for (var chunk : node.getChunksList()) {
      ChunkId expected = new ChunkId(next[0]++, 1, 2, 3);
      if (!ChunkId.of(chunk.getChunk()).equals(expected)) {
        throw new AssertionError("chunk " + expected.word0() + " is " + chunk);
      }
    }
    for (ManifestNodeReference below : node.getNodesList()) {
      walk(below, depth - 1, next);
    }
    assertThat(reference.getSize()).isEqualTo(7L * (next[0] - first));
  }

  private Manifest build(int chunks) {
    ManifestBuilder builder = new ManifestBuilder(nodes);
    for (int i = 0; i < chunks; i++) {
      builder.add(new ChunkId(i, 1, 2, 3), 7);
    }
    return builder.build();
  }

  @Test
  void bodiesOfManyChunksAreReadThroughTheirTrees() throws Exception {
    ContentConfig config = new ContentConfig(10, 0, 1 << 20, 1 << 20);
    for (int size : new int[] {165, 20_000, 180_000}) {
      try (ContentFixture fixture = new ContentFixture(config, new BodyBudget(1 << 20))) {
        byte[] body = content(size, size);
        try (StoredBody stored = fixture.store(body)) {
          assertThat(stored.manifest().getNodesCount()).isPositive();
          assertThat(fixture.read(stored.manifest())).isEqualTo(body);
          Random random = new Random(size);
          for (int i = 0; i < 100; i++) {
            int first = random.nextInt(size);
            int length = random.nextInt(Math.min(300, size - first) + 1);
            assertThat(fixture.read(stored.manifest(), first, length))
                .isEqualTo(Arrays.copyOfRange(body, first, first + length));
          }
          assertThat(fixture.chunks.condemn(ChunkId.of(stored.manifest().getNodes(0).getChunk())))
              .as("nodes are pinned")
              .isFalse();
        }
      }
    }
  }
}
