package skarb.node.segment;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import skarb.node.model.Seams;
import skarb.testkit.time.VirtualTime;

/// The golden files were made by another program, from the format's description: one that was
/// closed, and the same as it was before its footer.
class SegmentFormatGoldenTest {
  private static final List<byte[]> CHUNKS = chunks();

  private final SegmentFixture fixture;

  SegmentFormatGoldenTest() throws IOException {
    fixture =
        new SegmentFixture(
            new ChunkStoreConfig(1, 1 << 20, 1000, java.time.Duration.ofMinutes(10), 4));
  }

  @Test
  void version1IsDecodedForEver() throws IOException {
    byte[] golden = SegmentFixture.golden("0000000001.segment");
    fixture.write(fixture.segment(1), golden);

    try (ChunkStore store = fixture.open()) {
      assertThat(store.findings()).isEmpty();
      assertThat(store.chunks()).isEqualTo(CHUNKS.size());
      assertThat(store.bytes()).isEqualTo(golden.length);
      for (byte[] chunk : CHUNKS) {
        assertThat(SegmentFixture.read(store, chunk)).isEqualTo(chunk);
      }
    }
    assertThat(fixture.bytes(fixture.segment(1))).isEqualTo(golden);
  }

  @Test
  void theSameChunksMakeTheSameFile() throws IOException {
    VirtualTime time = new VirtualTime(Instant.ofEpochMilli(1767225600000L));
    RandomGenerator random = () -> 0x0123_4567_89ab_cdefL;
    ThreadFactory threads = Thread.ofVirtual().factory();
    Seams seams = new Seams(time, time::nanoTime, threads, time.newTimer(), random);
    try (ChunkStore store = fixture.open(seams)) {
      for (byte[] chunk : CHUNKS) {
        SegmentFixture.put(store, chunk).close();
      }
    }

    assertThat(fixture.bytes(fixture.segment(1)))
        .isEqualTo(SegmentFixture.golden("0000000001.segment"));
  }

  @Test
  void oneThatWasNotClosedBecomesTheClosedOne() throws IOException {
    fixture.write(fixture.segment(1), SegmentFixture.golden("unclosed.segment"));

    try (ChunkStore store = fixture.open()) {
      assertThat(store.findings()).isEmpty();
      for (byte[] chunk : CHUNKS) {
        assertThat(SegmentFixture.read(store, chunk)).isEqualTo(chunk);
      }
    }
    assertThat(fixture.bytes(fixture.segment(1)))
        .isEqualTo(SegmentFixture.golden("0000000001.segment"));
  }

  @Test
  void aChunkIsFoundThroughFilterAndFences() throws IOException {
    fixture.write(fixture.segment(1), SegmentFixture.golden("0000000001.segment"));
    SegmentFooter footer;
    try (FileChannel channel = FileChannel.open(fixture.segment(1), StandardOpenOption.READ)) {
      footer = SegmentFooter.read(channel, fixture.segment(1), 1).orElseThrow();
    }

    long end = SegmentFormat.FIRST_RECORD;
    for (byte[] chunk : CHUNKS) {
      SegmentEntry entry = footer.find(SegmentFixture.id(chunk)).orElseThrow();
      assertThat(entry.position()).isEqualTo(end);
      assertThat(entry.length()).isEqualTo(chunk.length);
      end = entry.end();
    }
    for (int i = 0; i < 1000; i++) {
      assertThat(footer.find(SegmentFixture.id(("other " + i).getBytes(US_ASCII)))).isEmpty();
    }
  }

  private static List<byte[]> chunks() {
    List<byte[]> chunks = new ArrayList<>();
    chunks.add("skarb".getBytes(US_ASCII));
    byte[] large = new byte[263_000];
    for (int i = 0; i < large.length; i++) {
      large[i] = (byte) (i / 1000);
    }
    chunks.add(large);
    for (int i = 0; i < 150; i++) {
      chunks.add(("chunk " + i).getBytes(US_ASCII));
    }
    return chunks;
  }
}
