package skarb.node.segment;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static skarb.node.segment.SegmentFixture.content;
import static skarb.node.segment.SegmentFixture.id;
import static skarb.node.segment.SegmentFixture.put;
import static skarb.node.segment.SegmentFixture.read;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import skarb.node.disk.Checksums;
import skarb.node.disk.ChunkRecordFormat;
import skarb.node.disk.FileHeader;
import skarb.node.disk.FileKind;
import skarb.node.disk.FormatTooNewException;
import skarb.node.model.NodeException;
import skarb.node.model.StoreId;
import skarb.node.segment.SegmentFinding.Kind;

/// Bits that flip in each region of a segment, closed or not.
class SegmentDamageTest {
  private static final List<byte[]> CHUNKS =
      List.of(content(1, 300), content(2, 400), content(3, 500));

  private final SegmentFixture fixture;
  private byte[] closed = {};
  private int recordsEnd;

  SegmentDamageTest() throws IOException {
    fixture = new SegmentFixture();
    try (ChunkStore store = fixture.open()) {
      for (byte[] chunk : CHUNKS) {
        recordsEnd = (int) put(store, chunk).end();
      }
    }
    closed = fixture.bytes(fixture.segment(1));
  }

  @Test
  void aFlippedBitAnywhereInAClosedSegmentNeverYieldsWrongBytes() throws IOException {
    for (int at = 0; at < closed.length; at++) {
      byte[] damaged = closed.clone();
      damaged[at] ^= (byte) (1 << at % 8);
      fixture.write(fixture.segment(1), damaged);
      try (ChunkStore store = fixture.open()) {
        int lost = 0;
        for (byte[] chunk : CHUNKS) {
          lost += readsRight(store, chunk) ? 0 : 1;
        }
        boolean inRecords = at >= 64 && at < recordsEnd;
        assertThat(lost).as("byte " + at).isEqualTo(inRecords ? 1 : 0);
        assertThat(store.findings()).as("byte " + at).hasSize(inRecords ? 0 : 1);
      }
    }
  }

  @Test
  void aFlippedBitInAnUnclosedSegmentLosesThatRecordAlone() throws IOException {
    byte[] unclosed = Arrays.copyOf(closed, recordsEnd);
    int last = recordsEnd - 564;
    for (int at = 0; at < recordsEnd; at++) {
      byte[] damaged = unclosed.clone();
      damaged[at] ^= (byte) (1 << at % 8);
      fixture.write(fixture.segment(1), damaged);
      try (ChunkStore store = fixture.open()) {
        List<Kind> found = store.findings().stream().map(SegmentFinding::kind).toList();
        Kind expected =
            at < 64
                ? Kind.DAMAGED_HEADER
                : at < last || at >= last + 64 ? Kind.BROKEN_RECORD : Kind.TORN_TAIL;
        assertThat(found).as("byte " + at).containsExactly(expected);
        int there = 0;
        for (byte[] chunk : CHUNKS) {
          if (store.pin(id(chunk)).isPresent()) {
            there++;
            assertThat(read(store, chunk)).isEqualTo(chunk);
          }
        }
        assertThat(there).as("byte " + at).isEqualTo(at < 64 ? 3 : 2);
      }
      if (at >= 64) { // it was closed, and stays so
        try (ChunkStore store = fixture.open()) {
          assertThat(store.findings()).isEmpty();
          assertThat(store.chunks()).isEqualTo(2);
        }
      }
    }
  }

  @Test
  void aTornTailIsCutAtTheLastWholeRecord() throws IOException {
    for (int length = 0; length <= recordsEnd; length++) {
      fixture.write(fixture.segment(1), Arrays.copyOf(closed, length));
      try (ChunkStore store = fixture.open()) {
        int whole = 0;
        long end = 64;
        for (byte[] chunk : CHUNKS) {
          end += 64 + chunk.length;
          whole += end <= length ? 1 : 0;
        }
        assertThat(store.chunks()).as("cut at " + length).isEqualTo(whole);
        assertThat(store.findings()).noneMatch(SegmentFinding::mayBeDamage);
        assertThat(Files.exists(fixture.segment(1))).isEqualTo(whole > 0);
      }
    }
  }

  @Test
  void aReadErrorStopsTheStartAndCutsNothing() throws IOException {
    byte[] unclosed = Arrays.copyOf(closed, recordsEnd);
    int last = recordsEnd - 564;
    // Where a footer would end, data and header of the last record, data of the first (and once
    // only) one, and the file's header; and what the error names.
    int[][] places = {
      {recordsEnd - 10, recordsEnd - 36},
      {recordsEnd - 99, last + 64},
      {last + 5, last},
      {200, 128},
      {10, 0}
    };
    for (int[] place : places) {
      for (byte[] bytes : List.of(unclosed, Arrays.copyOf(closed, 64 + 364))) {
        if (place[0] >= bytes.length) {
          continue;
        }
        fixture.write(fixture.segment(1), bytes);
        fixture.disk.makeUnreadable(fixture.segment(1), place[0], 1);

        assertThatThrownBy(fixture::open)
            .isInstanceOf(IOException.class)
            .hasMessageStartingWith(fixture.segment(1) + " at " + place[1] + ": cannot be read")
            .hasMessageContaining("Nothing was changed");
        fixture.disk.checkNoOpenFiles();
        assertThat(Files.size(fixture.segment(1))).isEqualTo(bytes.length);
        Files.delete(fixture.segment(1)); // the bad sector goes with it
      }
    }
    fixture.write(fixture.segment(1), unclosed); // the disk is well again
    try (ChunkStore store = fixture.open()) {
      assertThat(store.findings()).isEmpty();
      assertThat(store.chunks()).isEqualTo(3);
    }
  }

  @Test
  void aReadErrorBehindADamagedHeaderStopsTheStart() throws IOException {
    byte[] unclosed = Arrays.copyOf(closed, recordsEnd);
    unclosed[70] ^= 1;
    fixture.write(fixture.segment(1), unclosed);
    fixture.disk.makeUnreadable(fixture.segment(1), recordsEnd - 99, 1);

    assertThatThrownBy(fixture::open)
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(fixture.segment(1) + " at 65: cannot be read");
    assertThat(Files.size(fixture.segment(1))).isEqualTo(recordsEnd);
  }

  @Test
  void aLastRecordWithARottenBlockIsReportedAndKept() throws IOException {
    byte[] unclosed = Arrays.copyOf(closed, recordsEnd);
    int last = recordsEnd - 564;
    unclosed[recordsEnd - 100] ^= 1;
    fixture.write(fixture.segment(1), unclosed);

    try (ChunkStore store = fixture.open()) {
      assertThat(store.findings())
          .singleElement()
          .satisfies(found -> {
            assertThat(found.kind()).isEqualTo(Kind.BROKEN_RECORD);
            assertThat(found.offset()).isEqualTo(last);
            assertThat(found.mayBeDamage()).isTrue();
          });
      assertThat(store.pin(id(CHUNKS.getLast()))).isEmpty();
    }
    assertThat(Arrays.copyOf(fixture.bytes(fixture.segment(1)), recordsEnd)).isEqualTo(unclosed);
  }

  @Test
  void anOnlyRecordWithARottenBlockIsReportedAndKept() throws IOException {
    byte[] unclosed = Arrays.copyOf(closed, 64 + 364);
    unclosed[300] ^= 1;
    fixture.write(fixture.segment(1), unclosed);

    for (int start = 0; start < 2; start++) {
      try (ChunkStore store = fixture.open()) {
        assertThat(store.findings().stream().map(SegmentFinding::kind))
            .containsExactlyElementsOf(start == 0 ? List.of(Kind.BROKEN_RECORD) : List.of());
        assertThat(store.chunks()).isZero();
      }
      assertThat(Arrays.copyOf(fixture.bytes(fixture.segment(1)), unclosed.length))
          .isEqualTo(unclosed);
    }
  }

  @Test
  void recordsOfOtherVersionsInABodyDoNotStopTheStartBehindADamagedHeader() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(ofVersion(2, record(content(9, 100))));
    body.writeBytes(ofVersion(0, record(content(10, 100))));
    byte[] outer = body.toByteArray();
    ByteArrayOutputStream segment = new ByteArrayOutputStream();
    segment.writeBytes(Arrays.copyOf(closed, 64));
    segment.writeBytes(record(content(11, 50)));
    segment.writeBytes(record(outer));
    byte[] bytes = segment.toByteArray();
    bytes[64] ^= 1;
    fixture.write(fixture.segment(1), bytes);

    try (ChunkStore store = fixture.open()) {
      assertThat(read(store, outer)).isEqualTo(outer);
      assertThat(store.chunks()).isEqualTo(1);
    }
  }

  @Test
  void aRecordOfANewerReleaseWhereOneIsDueStopsTheStart() throws IOException {
    ByteArrayOutputStream segment = new ByteArrayOutputStream();
    segment.writeBytes(Arrays.copyOf(closed, recordsEnd));
    segment.writeBytes(ofVersion(2, record(content(9, 100))));
    fixture.write(fixture.segment(1), segment.toByteArray());

    assertThatThrownBy(fixture::open).isInstanceOf(FormatTooNewException.class);
    assertThat(fixture.bytes(fixture.segment(1))).isEqualTo(segment.toByteArray());
  }

  /// The record with another version, and the header's checksum to match. It has one block.
  private static byte[] ofVersion(int version, byte[] record) {
    ByteBuffer header = ByteBuffer.wrap(record, 0, 64).slice();
    header.putShort(4, (short) version);
    header.putInt(60, Checksums.crc32c(header.slice(0, 60)));
    return record;
  }

  @Test
  void aBodyThatHoldsRecordsHidesNothingWhenItsNeighbourIsDamaged() throws IOException {
    // A record that claims to reach over the true ones behind it, inside the body of another.
    byte[] inner = content(9, 100);
    ByteArrayOutputStream liar = new ByteArrayOutputStream();
    liar.writeBytes(record(inner));
    liar.writeBytes(Arrays.copyOf(record(content(10, 2000)), 900));
    byte[] outer = liar.toByteArray();
    ByteArrayOutputStream segment = new ByteArrayOutputStream();
    segment.writeBytes(Arrays.copyOf(closed, 64));
    int damagedAt = segment.size();
    segment.writeBytes(record(content(11, 50)));
    segment.writeBytes(record(outer));
    segment.writeBytes(record(content(12, 60)));
    segment.writeBytes("torn".getBytes(US_ASCII));
    byte[] bytes = segment.toByteArray();
    bytes[damagedAt] ^= 1;
    fixture.write(fixture.segment(1), bytes);

    try (ChunkStore store = fixture.open()) {
      assertThat(read(store, outer)).isEqualTo(outer);
      assertThat(read(store, content(12, 60))).isEqualTo(content(12, 60));
      assertThat(read(store, inner)).isEqualTo(inner); // it is what it says, so it does no harm
      assertThat(store.pin(id(content(10, 2000)))).isEmpty();
      assertThat(store.findings().stream().map(SegmentFinding::kind))
          .containsExactly(Kind.BROKEN_RECORD, Kind.TORN_TAIL);
    }
    assertThat(Files.size(fixture.segment(1))).isGreaterThan(bytes.length - 4L);
  }

  @Test
  void aSegmentOfAnotherStoreIsLeftAlone() throws IOException {
    byte[] strayed = closed.clone();
    FileHeader header = new FileHeader(FileKind.SEGMENT, 1, 1, new StoreId(9, 9), 0, 0);
    header.encode(64).get(strayed, 0, 64);
    fixture.write(fixture.segment(1), strayed);

    try (ChunkStore store = fixture.open()) {
      assertThat(store.findings())
          .singleElement()
          .satisfies(found -> assertThat(found.kind()).isEqualTo(Kind.DAMAGED_HEADER));
      assertThat(store.chunks()).isZero();
      assertThat(put(store, CHUNKS.getFirst()).segment()).isEqualTo(2);
    }
    assertThat(fixture.bytes(fixture.segment(1))).isEqualTo(strayed);
  }

  @Test
  void aSegmentOfANewerReleaseStopsTheStart() throws IOException {
    byte[] newer = closed.clone();
    newer[9] = 2;
    ByteBuffer header = ByteBuffer.wrap(newer, 0, 64);
    header.putInt(60, Checksums.crc32c(header.slice(0, 60)));
    fixture.write(fixture.segment(1), newer);

    assertThatThrownBy(fixture::open).isInstanceOf(FormatTooNewException.class);
    fixture.disk.checkNoOpenFiles();
  }

  @Test
  void anUnreadableSectorLosesOneChunk() throws IOException {
    fixture.write(fixture.segment(1), closed);
    try (ChunkStore store = fixture.open()) {
      fixture.disk.makeUnreadable(fixture.segment(1), 200, 10);

      assertThat(readsRight(store, CHUNKS.get(0))).isFalse();
      assertThat(readsRight(store, CHUNKS.get(1))).isTrue();
    }
  }

  private static boolean readsRight(ChunkStore store, byte[] chunk) {
    try {
      assertThat(read(store, chunk)).isEqualTo(chunk);
      return true;
    } catch (NodeException e) {
      return false;
    }
  }

  private static byte[] record(byte[] chunk) {
    List<ByteBuffer> parts =
        new ArrayList<>(
            ChunkRecordFormat.encode(id(chunk), List.of(ByteBuffer.wrap(chunk))).buffers());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (ByteBuffer part : parts) {
      byte[] copy = new byte[part.remaining()];
      part.duplicate().get(copy);
      bytes.writeBytes(copy);
    }
    return bytes.toByteArray();
  }
}
