package skarb.node.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static skarb.node.segment.SegmentFixture.content;
import static skarb.node.segment.SegmentFixture.id;
import static skarb.node.segment.SegmentFixture.put;
import static skarb.node.segment.SegmentFixture.read;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import skarb.node.disk.ChunkRecordFormat;
import skarb.node.disk.DiskSpaceGuard;
import skarb.node.disk.EncodedChunk;
import skarb.node.model.ChunkPlace;
import skarb.node.model.NodeException;
import skarb.testkit.seed.Seeds;
import skarb.v1.ErrorReason;

class ChunkStoreTest {
  private final SegmentFixture fixture;

  ChunkStoreTest() throws IOException {
    fixture = new SegmentFixture();
  }

  @Test
  void aChunkIsWrittenOnceWhoeverBringsIt() throws IOException {
    byte[] chunk = content(1, 1000);
    try (ChunkStore store = fixture.open()) {
      Pin first = put(store, chunk);
      long bytes = store.bytes();
      Pin second = put(store, chunk);

      assertThat(store.bytes()).isEqualTo(bytes).isEqualTo(64 + 64 + 1000);
      assertThat(second.segment()).isEqualTo(first.segment()).isEqualTo(1);
      assertThat(second.end()).isEqualTo(first.end()).isEqualTo(bytes);
      assertThat(store.pin(id(chunk))).isPresent();
      assertThat(store.pin(id(content(2, 10)))).isEmpty();
      assertThat(read(store, chunk)).isEqualTo(chunk);
    }
  }

  @Test
  void rangesOfAChunkAreWhatWasPut() throws IOException {
    int size = (512 << 10) + 1234;
    SegmentFixture large =
        new SegmentFixture(new ChunkStoreConfig(1, 8 << 20, 10, Duration.ofMinutes(1), 4));
    byte[] chunk = content(3, size);
    try (ChunkStore store = large.open()) {
      put(store, chunk).close();
      Seeds.forEach(
          200,
          (seed, random) -> {
            int from = random.nextInt(size);
            int length = random.nextInt(random.nextBoolean() ? 100 : size - from + 1);
            length = Math.min(length, size - from);
            assertThat(read(store, id(chunk), from, length))
                .isEqualTo(Arrays.copyOfRange(chunk, from, from + length));
          });
      for (int from : new int[] {0, (256 << 10) - 1, 256 << 10, size - 1}) {
        for (int to : new int[] {from, from + 1, 256 << 10, 512 << 10, size}) {
          if (to >= from) {
            assertThat(read(store, id(chunk), from, to - from))
                .isEqualTo(Arrays.copyOfRange(chunk, from, to));
          }
        }
      }
      assertThatThrownBy(() -> read(store, id(chunk), 1, size)).isInstanceOf(NodeException.class);
    }
  }

  @Test
  void aPinnedChunkIsNotCondemnedAndACondemnedOneIsWrittenAgain() throws IOException {
    byte[] chunk = content(4, 1000);
    try (ChunkStore store = fixture.open()) {
      Pin one = put(store, chunk);
      Pin two = put(store, chunk);
      one.close();
      one.close(); // twice is once: the other pin holds
      assertThat(store.condemn(id(chunk))).isFalse();
      two.close();

      assertThat(store.condemn(id(chunk))).isTrue();
      assertThat(store.condemn(id(chunk))).isFalse();
      assertThat(store.pin(id(chunk))).isEmpty();
      assertThat(read(store, chunk)).isEqualTo(chunk); // until it is deleted

      Pin again = put(store, chunk);
      assertThat(again.end()).isGreaterThan(one.end());
      assertThat(store.condemn(id(chunk))).isFalse();
      again.close();
      assertThat(store.condemn(id(content(5, 1)))).isFalse();
    }
  }

  @Test
  void aDamagedChunkCountsAsAbsentAndIsMendedByTheNextPut() throws IOException {
    byte[] chunk = content(6, 1000);
    try (ChunkStore store = fixture.open()) {
      Pin first = put(store, chunk);
      fixture.disk.flipBit(fixture.segment(1), first.end() - 1);

      assertThatThrownBy(() -> read(store, chunk))
          .isInstanceOfSatisfying(
              NodeException.class,
              e -> assertThat(e.reason()).isEqualTo(ErrorReason.ERROR_REASON_DATA_DAMAGED))
          .hasMessageContaining("0000000001.segment");
      assertThat(store.pin(id(chunk))).isEmpty();

      ChunkPlace old = new ChunkPlace(ChunkPlace.Home.SEGMENT, 1, 64, 1000);
      assertThat(put(store, chunk).end()).isGreaterThan(first.end());
      assertThat(read(store, chunk)).isEqualTo(chunk);
      store.markDamaged(id(chunk), old); // late news of the old copy
      assertThat(store.pin(id(chunk))).isPresent();
    }
  }

  @Test
  void chunksInTheJournalAreReadWhereTheyLie() throws IOException {
    byte[] chunk = content(7, 700);
    EncodedChunk encoded = ChunkRecordFormat.encode(id(chunk), List.of(ByteBuffer.wrap(chunk)));
    ByteBuffer file = ByteBuffer.allocate(10_000).position(4096);
    encoded.buffers().forEach(buffer -> file.put(buffer.duplicate()));
    Files.write(fixture.journalFile(3), file.array());
    ChunkPlace place = new ChunkPlace(ChunkPlace.Home.JOURNAL, 3, 4096, 700);
    try (ChunkStore store = fixture.open()) {
      store.addPlace(id(chunk), place);
      store.addPlace(id(chunk), new ChunkPlace(ChunkPlace.Home.JOURNAL, 99, 0, 700));

      assertThat(read(store, chunk)).isEqualTo(chunk);
      assertThat(store.place(id(chunk))).contains(place);
      Pin pin = put(store, chunk);
      assertThat(pin.segment()).isZero();
      store.force(List.of(pin));
      assertThat(store.bytes()).isZero();
    }
  }

  @Test
  void ofTwoCopiesInTheJournalTheLaterIsReadAndTheOtherIsTheSpare() throws IOException {
    byte[] chunk = content(7, 700);
    ChunkPlace early = journalCopy(3, chunk);
    ChunkPlace late = journalCopy(4, chunk);
    for (List<ChunkPlace> order : List.of(List.of(early, late), List.of(late, early))) {
      try (ChunkStore store = fixture.open()) {
        order.forEach(place -> store.addPlace(id(chunk), place));
        assertThat(store.place(id(chunk))).contains(late);
        assertThat(read(store, chunk)).isEqualTo(chunk);
      }
    }
    fixture.disk.flipBit(fixture.journalFile(3), 4096 + 200); // what the second put mended
    try (ChunkStore store = fixture.open()) {
      store.addPlace(id(chunk), early);
      store.addPlace(id(chunk), late);
      assertThat(read(store, chunk)).isEqualTo(chunk);
      assertThat(store.place(id(chunk))).contains(late);
    }
    fixture.disk.flipBit(fixture.journalFile(3), 4096 + 200);
    fixture.disk.flipBit(fixture.journalFile(4), 4096 + 200);
    try (ChunkStore store = fixture.open()) {
      store.addPlace(id(chunk), early);
      store.addPlace(id(chunk), late);
      assertThat(read(store, chunk)).isEqualTo(chunk);
      assertThat(store.place(id(chunk))).contains(early);
    }
  }

  @Test
  void aChunkOfASegmentThatWasMendedInTheJournalStaysMendedAfterARestart() throws IOException {
    byte[] chunk = content(8, 700_000);
    try (ChunkStore store = fixture.open()) {
      SegmentFixture.putDurably(store, chunk);
    }
    fixture.disk.flipBit(fixture.segment(1), 64 + 600_000); // the last of three blocks
    ChunkPlace mended = journalCopy(3, chunk);
    try (ChunkStore store = fixture.open()) {
      assertThatThrownBy(() -> read(store, chunk)).isInstanceOf(NodeException.class);
      store.addPlace(id(chunk), mended);
      assertThat(read(store, chunk)).isEqualTo(chunk);
    }
    try (ChunkStore store = fixture.open()) {
      store.addPlace(id(chunk), mended);
      assertThat(read(store, chunk)).isEqualTo(chunk); // begun in the one, ended in the other
      assertThat(store.place(id(chunk))).contains(mended);
      assertThat(read(store, id(chunk), 599_990, 20))
          .isEqualTo(Arrays.copyOfRange(chunk, 599_990, 600_010));
    }
  }

  @Test
  void aChunkWhoseCopiesAreBothDamagedIsDamaged() throws IOException {
    byte[] chunk = content(8, 700);
    ChunkPlace early = journalCopy(3, chunk);
    ChunkPlace late = journalCopy(4, chunk);
    fixture.disk.flipBit(fixture.journalFile(3), 4096 + 200);
    fixture.disk.flipBit(fixture.journalFile(4), 4096 + 200);
    try (ChunkStore store = fixture.open()) {
      store.addPlace(id(chunk), early);
      store.addPlace(id(chunk), late);
      assertThatThrownBy(() -> read(store, chunk))
          .isInstanceOfSatisfying(
              NodeException.class,
              e -> assertThat(e.reason()).isEqualTo(ErrorReason.ERROR_REASON_DATA_DAMAGED));
      assertThat(store.place(id(chunk))).isEmpty(); // the next put mends it
    }
  }

  @Test
  void ofManyCopiesOneThatIsGoodIsEnough() throws IOException {
    byte[] chunk = content(8, 700);
    List<ChunkPlace> copies = new ArrayList<>();
    for (int file = 3; file <= 6; file++) {
      copies.add(journalCopy(file, chunk));
    }
    for (ChunkPlace good : copies) {
      for (ChunkPlace copy : copies) {
        journalCopy(copy.file(), chunk);
        if (!copy.equals(good)) {
          fixture.disk.flipBit(fixture.journalFile(copy.file()), 4096 + 200);
        }
      }
      try (ChunkStore store = fixture.open()) {
        copies.forEach(copy -> store.addPlace(id(chunk), copy));
        assertThat(read(store, chunk)).isEqualTo(chunk);
        assertThat(store.place(id(chunk))).contains(good);
      }
    }
  }

  @Test
  void whatTheReaderThrowsIsNotTakenForDamage() throws IOException {
    byte[] chunk = content(8, 700);
    try (ChunkStore store = fixture.open()) {
      store.addPlace(id(chunk), journalCopy(3, chunk));
      store.addPlace(id(chunk), journalCopy(4, chunk));
      int[] frames = new int[1];
      NodeException thrown =
          new NodeException(ErrorReason.ERROR_REASON_SHUTTING_DOWN, "the reader has enough");
      assertThatThrownBy(() ->
              store.read(
                  id(chunk),
                  0,
                  700,
                  (frame, crc32c) -> {
                    frames[0]++;
                    throw thrown;
                  }))
          .isSameAs(thrown);
      assertThat(frames[0]).isEqualTo(1);
    }
  }

  @Test
  void spareCopiesAreBounded() {
    SpareCopies spares = new SpareCopies(2);
    ChunkPlace place = new ChunkPlace(ChunkPlace.Home.JOURNAL, 3, 4096, 1);
    ChunkPlace later = new ChunkPlace(ChunkPlace.Home.JOURNAL, 4, 4096, 1);
    for (int i = 0; i < 3; i++) {
      spares.put(id(content(i, 1)), place);
    }
    assertThat(spares.of(id(content(0, 1)))).containsExactly(place);
    assertThat(spares.of(id(content(1, 1)))).containsExactly(place);
    assertThat(spares.of(id(content(2, 1)))).isEmpty();
    spares.put(id(content(0, 1)), later);
    assertThat(spares.removeLast(id(content(0, 1)))).isEqualTo(place);

    spares.put(id(content(1, 1)), place); // noted already
    spares.put(id(content(1, 1)), later);
    spares.put(id(content(2, 1)), place);
    assertThat(spares.of(id(content(1, 1)))).containsExactly(place, later);
    assertThat(spares.of(id(content(2, 1)))).isEmpty();
    spares.removeAll(id(content(1, 1)));
    spares.put(id(content(2, 1)), place);
    assertThat(spares.of(id(content(2, 1)))).containsExactly(place);
  }

  private ChunkPlace journalCopy(long number, byte[] chunk) throws IOException {
    EncodedChunk encoded = ChunkRecordFormat.encode(id(chunk), List.of(ByteBuffer.wrap(chunk)));
    ByteBuffer file = ByteBuffer.allocate(chunk.length + 10_000).position(4096);
    encoded.buffers().forEach(buffer -> file.put(buffer.duplicate()));
    Files.write(fixture.journalFile(number), file.array());
    return new ChunkPlace(ChunkPlace.Home.JOURNAL, number, 4096, chunk.length);
  }

  @Test
  void chunksThatAreNotThereAreDamage() throws IOException {
    try (ChunkStore store = fixture.open()) {
      assertThatThrownBy(() -> read(store, content(8, 10)))
          .isInstanceOfSatisfying(
              NodeException.class,
              e -> assertThat(e.reason()).isEqualTo(ErrorReason.ERROR_REASON_DATA_DAMAGED));
    }
  }

  @Test
  void aFullSegmentIsClosedAndAnotherBegun() throws IOException {
    try (ChunkStore store = fixture.open()) {
      for (int i = 0; i < 100; i++) {
        SegmentFixture.putDurably(store, content(i, 3000));
      }
      assertThat(fixture.disk.openFiles()).hasSizeLessThan(8);
    }
    assertThat(Files.size(fixture.segment(1))).isBetween(60L << 10, 68L << 10);
    assertThat(fixture.segment(5)).exists();
    fixture.disk.checkNoOpenFiles();

    long mutations = fixture.disk.counters().writes();
    try (ChunkStore store = fixture.open()) {
      assertThat(store.findings()).isEmpty();
      assertThat(store.chunks()).isEqualTo(100);
      for (int i = 0; i < 100; i++) {
        assertThat(read(store, content(i, 3000))).isEqualTo(content(i, 3000));
      }
      assertThat(store.bytes()).isEqualTo(bytesOnDisk());
    }
    assertThat(fixture.disk.counters().writes()).isEqualTo(mutations);
  }

  @Test
  void aSegmentOfManySmallChunksIsFullByTheirNumber() throws IOException {
    SegmentFixture few =
        new SegmentFixture(new ChunkStoreConfig(1, 1 << 20, 10, Duration.ofMinutes(1), 4));
    try (ChunkStore store = few.open()) {
      for (int i = 0; i < 25; i++) {
        put(store, content(i, 1)).close();
        put(store, content(i, 2)).close();
      }
      assertThat(few.segment(4)).exists();
    }
  }

  @Test
  void aSegmentThatIsIdleIsClosed() throws IOException {
    try (ChunkStore store = fixture.open()) {
      put(store, content(1, 100)).close();
      fixture.time.advance(Duration.ofMinutes(9));
      put(store, content(2, 100)).close();
      fixture.time.advance(Duration.ofMinutes(9));
      assertThat(Files.size(fixture.segment(1))).isEqualTo(64 + 2 * 164);

      fixture.time.advance(Duration.ofMinutes(2));
      Awaitility.await().until(() -> fixture.disk.openFiles().isEmpty());

      assertThat(Files.size(fixture.segment(1))).isGreaterThan(64 + 2 * 164);
      assertThat(put(store, content(3, 100)).segment()).isEqualTo(2);
    }
  }

  @Test
  void nothingIsWrittenToAStoreThatNobodyWritesTo() throws IOException {
    fixture.open().close();
    fixture.open().close();

    assertThat(fixture.directory).isEmptyDirectory();
  }

  @Test
  void aClosedStoreTakesNothing() throws IOException {
    ChunkStore store = fixture.open();
    store.close();
    store.close();

    assertThatThrownBy(() -> put(store, content(1, 1)))
        .isInstanceOfSatisfying(
            NodeException.class,
            e -> assertThat(e.reason()).isEqualTo(ErrorReason.ERROR_REASON_SHUTTING_DOWN));
  }

  @Test
  void aNearlyFullDiskTakesNoNewChunks() throws IOException {
    fixture.disk.setUsableSpace(10_000);
    DiskSpaceGuard guard =
        new DiskSpaceGuard(
            fixture.data, 5_000, 1 << 20, Duration.ofSeconds(1), fixture.time::nanoTime);
    try (ChunkStore store =
        ChunkStore.open(
            fixture.seams(),
            fixture.config,
            SegmentFixture.STORE,
            fixture.directory,
            fixture::journalFile,
            guard)) {
      put(store, content(1, 3000)).close();
      fixture.disk.setUsableSpace(7_000);

      assertThatThrownBy(() -> put(store, content(2, 3000)))
          .isInstanceOfSatisfying(
              NodeException.class,
              e -> assertThat(e.reason()).isEqualTo(ErrorReason.ERROR_REASON_DISK_FULL));
      put(store, content(1, 3000)).close(); // is there
      assertThat(read(store, content(1, 3000))).isEqualTo(content(1, 3000));
      assertThat(store.failure()).isEmpty();
      fixture.disk.setUsableSpace(70_000);
      put(store, content(2, 3000)).close();
    }
  }

  private long bytesOnDisk() throws IOException {
    long bytes = 0;
    try (var files = Files.list(fixture.directory)) {
      for (var file : files.toList()) {
        bytes += Files.size(file);
      }
    }
    return bytes;
  }
}
