package skarb.node.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static skarb.node.content.ContentFixture.content;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import skarb.node.model.ChunkId;
import skarb.node.model.NodeException;
import skarb.testkit.seed.Seeds;
import skarb.v1.ChunkReference;
import skarb.v1.Manifest;
import skarb.v1.ManifestNodeReference;

class ManifestComposerTest {
  private static final int MIB = 1 << 20;
  private static final long TIB = 1L << 40;

  private final MemoryNodes nodes = new MemoryNodes();

  /// A manifest and the bytes that it stands for.
  private record Known(Manifest manifest, byte[] bytes) {}

  @Test
  void whatIsMadeOfRandomTreesIsMadeOfTheirBytes() {
    Seeds.forEach(
        8,
        (seed, random) -> {
          ContentConfig config = new ContentConfig(7, 0, 1 << 20, 1 << 20);
          try (ContentFixture fixture = new ContentFixture(config, new BodyBudget(1 << 20))) {
            ManifestNodes stored = new StoredNodes(fixture.chunks, pin -> {});
            List<Known> pool = new ArrayList<>();
            for (int size : new int[] {0, 1, 90, 300, 4000}) {
              byte[] body = content((int) seed + size, size);
              try (StoredBody one = fixture.store(body)) {
                pool.add(new Known(one.manifest(), body));
              }
            }
            for (int step = 0; step < 60; step++) {
              Known made =
                  random.nextBoolean()
                      ? joined(stored, pool, random)
                      : cut(stored, pool.get(random.nextInt(pool.size())), random);
              check(fixture, made, random);
              pool.add(made);
            }
          }
        });
  }

  /// Few references a node, so that trees get deep, and are made flat again.
  private static final int FAN_OUT = 8;

  private static Known joined(ManifestNodes nodes, List<Known> pool, RandomGenerator random) {
    List<Manifest> parts = new ArrayList<>();
    List<ByteString> bytes = new ArrayList<>();
    int size = 0;
    for (int i = random.nextInt(6); i >= 0; i--) {
      Known part = pool.get(random.nextInt(pool.size()));
      if (size + part.bytes().length < 30_000) {
        size += part.bytes().length;
        parts.add(part.manifest());
        bytes.add(ByteString.copyFrom(part.bytes()));
      }
    }
    return new Known(
        ManifestComposer.concatenate(nodes, FAN_OUT, parts),
        ByteString.copyFrom(bytes).toByteArray());
  }

  private static Known cut(ManifestNodes nodes, Known whole, RandomGenerator random) {
    int first = random.nextInt(whole.bytes().length + 1);
    int length = random.nextInt(whole.bytes().length - first + 1);
    return new Known(
        ManifestComposer.slice(nodes, FAN_OUT, whole.manifest(), first, length),
        Arrays.copyOfRange(whole.bytes(), first, first + length));
  }

  private static void check(ContentFixture fixture, Known made, RandomGenerator random) {
    assertThat(made.manifest().getSize()).isEqualTo(made.bytes().length);
    assertThat(made.manifest().getChunksCount() + made.manifest().getNodesCount())
        .isBetween(0, ManifestBuilder.MAX_INLINE);
    assertThat(ManifestBuilder.depth(made.manifest()))
        .isLessThanOrEqualTo(ManifestComposer.MAX_DEPTH + 1);
    assertThat(fixture.read(made.manifest())).isEqualTo(made.bytes());
    int first = random.nextInt(made.bytes().length + 1);
    int length = random.nextInt(made.bytes().length - first + 1);
    assertThat(fixture.read(made.manifest(), first, length))
        .isEqualTo(Arrays.copyOfRange(made.bytes(), first, first + length));
  }

  @Test
  void aBodyCutIntoRangesAndPutTogetherIsWhatItWas() {
    Manifest whole = body(0, 10, 4 * MIB);
    List<Manifest> ranges = new ArrayList<>();
    for (long at = 0; at < whole.getSize(); at += 1_000_003) {
      ranges.add(slice(whole, at, Math.min(1_000_003, whole.getSize() - at)));
    }

    assertThat(concatenate(ranges)).isEqualTo(whole);
    assertThat(nodes.stored()).isZero();
  }

  @Test
  void fiveTiBOfTenThousandPartsTakeTheirNodesOverAndARangeReadsThePathsToItsEnds() {
    // 1.3 million references: 10,000 parts of 525 MiB less a bit, as their own trees.
    long partBytes = 5 * TIB / 10_000;
    List<Manifest> parts = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      parts.add(bodyOf(i * 1000L, partBytes));
    }
    nodes.stored();

    Manifest whole = concatenate(parts);

    assertThat(whole.getSize()).isEqualTo(partBytes * 10_000);
    assertThat(whole.getSerializedSize()).isLessThan(1000);
    assertThat(nodes.loads()).isZero();
    assertThat(nodes.stored()).isLessThanOrEqualTo(10_000 / ManifestBuilder.FAN_OUT + 2);
    assertThat(nodes.largest()).isLessThan(64 << 10);

    Manifest range = slice(whole, 1_234_567, whole.getSize() - 2_345_678);
    assertThat(range.getSize()).isEqualTo(whole.getSize() - 2_345_678);
    assertThat(nodes.loads()).isLessThanOrEqualTo(2 * ManifestBuilder.depth(whole));
    assertThat(nodes.stored()).isLessThan(12);

    // The end of the range is 1,111,111 bytes before that of the body.
    List<ChunkReference> end = walk(range, range.getSize() - 10, 10);
    assertThat(nodes.loads()).isLessThanOrEqualTo(ManifestBuilder.depth(range));
    assertThat(end).isEqualTo(walk(whole, whole.getSize() - 1_111_111 - 10, 10));
    assertThat(end).hasSize(1);
  }

  @Test
  void fiveTiBOfOneBodyAreATreeOfTwoLevels() {
    Manifest whole = bodyOf(0, 5 * TIB);

    assertThat(ManifestBuilder.depth(whole)).isEqualTo(2);
    int built = nodes.stored();
    assertThat(built).isBetween(1280, 1290);

    walk(whole, 5 * TIB - 1, 1);
    assertThat(nodes.loads()).isEqualTo(2);
    Manifest half = slice(whole, 2 * TIB + 1, 2 * TIB);
    assertThat(nodes.loads()).isLessThanOrEqualTo(4);
    assertThat(walk(half, 7, 1)).isEqualTo(walk(whole, 2 * TIB + 8, 1));
    assertThat(walk(half, 2 * TIB - 1, 1)).isEqualTo(walk(whole, 4 * TIB, 1));
  }

  @Test
  void aBodyThatGrowsByAPieceAThousandTimesStaysFlat() {
    Manifest atEnd = body(0, 20, 4 * MIB);
    Manifest atStart = atEnd;
    for (int i = 0; i < 1000; i++) {
      Manifest piece = body(100 + 2L * i, 2, 5);
      atEnd = concatenate(List.of(atEnd, piece));
      atStart = concatenate(List.of(piece, atStart));
      assertThat(ManifestBuilder.depth(atEnd)).isLessThanOrEqualTo(ManifestComposer.MAX_DEPTH);
      assertThat(ManifestBuilder.depth(atStart)).isLessThanOrEqualTo(ManifestComposer.MAX_DEPTH);
    }
    assertThat(nodes.stored()).isLessThan(20_000);

    Manifest first = body(0, 20, 4 * MIB);
    List<ChunkReference> pieces = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      pieces.addAll(body(100 + 2L * i, 2, 5).getChunksList());
    }
    assertThat(walk(atEnd, first.getSize(), 10_000)).isEqualTo(pieces);
    List<ChunkReference> backwards = new ArrayList<>();
    for (int i = 999; i >= 0; i--) {
      backwards.addAll(body(100 + 2L * i, 2, 5).getChunksList());
    }
    assertThat(walk(atStart, 0, 10_000)).isEqualTo(backwards);
  }

  @Test
  void manyPartsOfAFewChunksShareNodes() {
    List<Manifest> parts = Collections.nCopies(10_000, body(5, 2, 4 * MIB));

    Manifest whole = concatenate(parts);

    assertThat(ManifestBuilder.depth(whole)).isEqualTo(2);
    assertThat(nodes.stored()).isEqualTo(20 + 1);
  }

  @Test
  void nothingIsMadeOfNothing() {
    assertThat(concatenate(List.of())).isEqualTo(Manifest.getDefaultInstance());
    Manifest body = body(1, 3, 10);
    assertThat(slice(body, 30, 0)).isEqualTo(Manifest.getDefaultInstance());
    assertThat(concatenate(List.of(Manifest.getDefaultInstance(), body))).isEqualTo(body);
    assertThatThrownBy(() -> slice(body, 1, 30)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void theNodesThatWereMadeAreDurableAndPinned() throws Exception {
    ContentConfig config = new ContentConfig(10, 0, 1 << 20, 1 << 20);
    try (ContentFixture fixture = new ContentFixture(config, new BodyBudget(1 << 20))) {
      byte[] bytes = content(1, 2000);
      Manifest joined;
      try (StoredBody body = fixture.store(bytes)) {
        ManifestComposer composer = new ManifestComposer(fixture.chunks);
        ComposedManifest range = composer.slice(body.manifest(), 5, 1900);
        ChunkId node = ChunkId.of(range.manifest().getNodes(0).getChunk());
        assertThat(range.pins()).hasSize(1);
        try (ComposedManifest whole =
            composer.concatenate(List.of(range.manifest(), body.manifest()))) {
          joined = whole.manifest();
        }
        assertThat(fixture.chunks.condemn(node)).isFalse();
        range.close();
        assertThat(fixture.chunks.condemn(node)).isTrue();
      }
      fixture.segments.disk.crashLosingUnforced();
      try (var reopened = fixture.segments.open()) {
        List<ByteString> frames = new ArrayList<>();
        new BodyReader(reopened)
            .read(joined, 0, joined.getSize(), (frame, crc) -> frames.add(frame));
        assertThat(ByteString.copyFrom(frames).toByteArray())
            .isEqualTo(
                ByteString.copyFrom(bytes, 5, 1900)
                    .concat(ByteString.copyFrom(bytes))
                    .toByteArray());
      }
    }
  }

  private Manifest concatenate(List<Manifest> parts) {
    return ManifestComposer.concatenate(nodes, ManifestBuilder.FAN_OUT, parts);
  }

  private Manifest slice(Manifest manifest, long first, long length) {
    return ManifestComposer.slice(nodes, ManifestBuilder.FAN_OUT, manifest, first, length);
  }

  private List<ChunkReference> walk(Manifest manifest, long first, long length) {
    List<ChunkReference> references = new ArrayList<>();
    ManifestWalk.walk(nodes, manifest, first, length, references::add);
    return references;
  }

  /// A body in chunks of 4 MiB and a rest.
  private Manifest bodyOf(long firstChunk, long size) {
    ManifestBuilder builder = new ManifestBuilder(nodes);
    long chunk = firstChunk;
    for (long at = 0; at < size; at += 4 * MIB) {
      builder.add(new ChunkId(chunk++, 1, 2, 3), (int) Math.min(4 * MIB, size - at));
    }
    return builder.build();
  }

  private Manifest body(long firstChunk, int chunks, int chunkBytes) {
    ManifestBuilder builder = new ManifestBuilder(nodes);
    for (int i = 0; i < chunks; i++) {
      builder.add(new ChunkId(firstChunk + i, 1, 2, 3), chunkBytes);
    }
    return builder.build();
  }

  @Test
  void aHeightThatCannotBeIsDamage() {
    ManifestNodeReference good = bodyOf(0, 200L * 4 * MIB).getNodes(0);
    for (int height : new int[] {-1, ManifestWalk.MAX_DEPTH, Integer.MAX_VALUE}) {
      Manifest bad =
          Manifest.newBuilder()
              .setSize(good.getSize())
              .addNodes(good.toBuilder().setHeight(height))
              .build();
      assertThatThrownBy(() -> concatenate(List.of(bad))).isInstanceOf(NodeException.class);
    }
  }
}
