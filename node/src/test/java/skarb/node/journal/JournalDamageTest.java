package skarb.node.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import skarb.node.disk.Checksums;
import skarb.node.disk.CorruptFileException;
import skarb.node.disk.FormatTooNewException;
import skarb.node.journal.JournalFormat.Frame;
import skarb.node.model.StoreId;

/// Bits flip, files vanish or are mixed up: what was acknowledged is there, or opening says what is
/// wrong and changes nothing.
class JournalDamageTest {
  private JournalFixture fixture = newFixture();

  private static JournalFixture newFixture() {
    try {
      return new JournalFixture();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @BeforeEach
  void start() {
    fixture = newFixture();
  }

  @Test
  void aFlippedBitInABatchBeforeTheLastIsDamage() throws IOException {
    crashAfter(4);
    byte[] whole = fixture.bytes(1);
    Frame third = frame(1, 3);
    // Header, records and list of bodies; the frames before and after it are whole.
    for (long position : range(third.position(), third.header().headBytes())) {
      byte[] damaged = flip(whole, position, (int) position % 8);

      assertThatThrownBy(fixture::open)
          .as("flip at " + position)
          .isInstanceOf(JournalDamagedException.class)
          .hasMessageStartingWith("/journal/0000000001.journal at " + third.position() + ": ")
          .hasMessageContaining("after batch 2")
          .hasMessageContaining("batch 4 at ")
          .hasMessageContaining("Nothing was changed. The way out");
      assertThat(fixture.bytes(1)).isEqualTo(damaged);
    }
  }

  @Test
  void aFlippedBitInTheLastBatchCutsIt() throws IOException {
    crashAfter(4);
    byte[] whole = fixture.bytes(1);
    Frame last = frame(1, 4);
    for (long position : range(last.position(), last.header().frameBytes())) {
      flip(whole, position, (int) position % 8);
      FileJournal journal = fixture.open();

      assertThat(journal.lastBatch()).as("flip at " + position).isEqualTo(3);
      assertThat(journal.recovery().notes()).hasSize(1);
    }
  }

  @Test
  void whatLiesInAFileThatWasMadeAheadIsThrownAway() throws IOException {
    crashAfter(4); // the second file is there and was not needed yet
    byte[] spare = fixture.bytes(2);
    flip(spare, spare.length - 200, 0);

    fixture.appendTo(fixture.open(), 9);

    FileJournal journal = fixture.open();
    assertThat(journal.recovery().notes()).isEmpty();
    fixture.assertHolds(journal, 9);
  }

  @Test
  void aFlippedBitInTheLastBatchBeforeASealIsDamage() throws IOException {
    fixture.fillTo(3);
    flip(fixture.bytes(1), frame(1, 3).position() + 70, 1);

    assertThatThrownBy(fixture::open)
        .isInstanceOf(JournalDamagedException.class)
        .hasMessageContaining("found none that verifies, but batch 3 at");
  }

  @Test
  void aDamagedSealIsCut() throws IOException {
    fixture.fillTo(3);
    flip(fixture.bytes(1), frame(1, 3).end() + 12, 0);

    try (FileJournal journal = fixture.open()) {
      fixture.assertHolds(journal, 3);
      assertThat(journal.recovery().sealed()).isFalse();
    }
  }

  @Test
  void aDamagedBodyOfAnEarlierBatchIsFoundWhenItIsRead() throws IOException {
    fixture.fillTo(4);
    flip(fixture.bytes(1), frame(1, 2).bodies().getFirst().position() + 100, 0);

    try (FileJournal journal = fixture.open()) {
      assertThatThrownBy(() -> fixture.assertHolds(journal, 4))
          .isInstanceOf(CorruptFileException.class)
          .hasMessageContaining("block 0 of chunk");
    }
  }

  @Test
  void aDamagedBatchOfAClosedFileIsFoundByReplay() throws IOException {
    fixture.fillTo(30);
    Frame second = frame(1, 2);
    flip(fixture.bytes(1), second.position() + 70, 0);

    try (FileJournal journal = fixture.open()) {
      assertThatThrownBy(() -> JournalFixture.replayed(journal, 1))
          .isInstanceOf(CorruptFileException.class)
          .hasMessageStartingWith("/journal/0000000001.journal at " + second.position());
    }
  }

  @Test
  void aDamagedFooterIsMadeAgain() throws IOException {
    fixture.fillTo(30);
    byte[] whole = fixture.bytes(1);
    for (int back : new int[] {1, 10, 20, 40, 60}) {
      flip(whole, whole.length - back, 2);
      try (FileJournal journal = fixture.open()) {
        assertThat(journal.recovery().notes())
            .singleElement()
            .asString()
            .contains("its list of bodies was damaged and was made again");
        fixture.assertHolds(journal, 30);
      }
      assertThat(fixture.bytes(1)).isEqualTo(whole);
    }
  }

  @Test
  void aDamagedBatchBeforeALostFooterIsDamage() throws IOException {
    fixture.fillTo(30);
    byte[] damaged = flip(fixture.bytes(1), fixture.bytes(1).length - 3, 2);
    Frame last = lastOf(1);
    flip(damaged, last.position() + 20, 0);

    assertThatThrownBy(fixture::open)
        .isInstanceOf(JournalDamagedException.class)
        .hasMessageStartingWith("/journal/0000000001.journal at " + last.position())
        .hasMessageContaining("0000000002.journal");
  }

  @Test
  void aMissingFileIsNamed() throws IOException {
    fixture.fillTo(60);
    long files = fixture.open().recovery().files();
    assertThat(files).isGreaterThan(4);
    for (long number = 1; number <= files; number++) {
      byte[] content = fixture.bytes(number);
      Files.delete(fixture.file(number));

      assertThatThrownBy(fixture::open)
          .isInstanceOf(JournalDamagedException.class)
          .hasMessageContaining(fixture.file(number) + " at 0: expected ");

      fixture.write(number, content);
    }
    fixture.open().close();
  }

  @Test
  void swappedFilesAreRefused() throws IOException {
    fixture.fillTo(60);
    byte[] two = fixture.bytes(2);
    fixture.write(2, fixture.bytes(3));
    fixture.write(3, two);

    assertThatThrownBy(fixture::open)
        .isInstanceOf(CorruptFileException.class)
        .hasMessageContaining("expected file number 2 as its name says, found number 3");
  }

  @Test
  void theFileOfAnotherLifeIsRefused() throws IOException {
    fixture.fillTo(60);
    JournalFixture other = newFixture();
    other.open().close();
    other.appendTo(other.open(), 70);
    fixture.write(2, other.bytes(2));

    assertThatThrownBy(fixture::open)
        .isInstanceOf(JournalDamagedException.class)
        .hasMessageContaining("is followed by the first of /journal/");
  }

  @Test
  void aBatchFromACopyThatWentAnotherWayIsRefused() throws IOException {
    crashAfter(3);
    JournalFixture copy = newFixture(); // the same generations are drawn
    FileJournal other = copy.open();
    copy.append(other, 1);
    other.append(2, List.of(), List.of());
    copy.append(other, 3);
    byte[] mixed = fixture.bytes(1);
    long third = frame(1, 3).position();
    assertThat(frame(1, 2).header().frameBytes()).isEqualTo(4096);
    System.arraycopy(copy.bytes(1), (int) third, mixed, (int) third, 4096);
    fixture.write(1, mixed);

    assertThatThrownBy(fixture::open)
        .isInstanceOf(JournalDamagedException.class)
        .hasMessageContaining("at " + third + ": expected a frame after batch 2 with CRC-32C");
  }

  @Test
  void pagesOfAnotherLifeOfTheFileAreRefused() throws IOException {
    crashAfter(3);
    byte[] mixed = fixture.bytes(1);
    JournalFixture other = newFixture();
    other.open();
    Files.delete(other.file(1));
    other.appendTo(other.open(), 3); // the second generation drawn
    System.arraycopy(other.bytes(1), 4096, mixed, 4096, mixed.length - 4096);
    fixture.write(1, mixed);

    assertThatThrownBy(fixture::open)
        .isInstanceOf(JournalDamagedException.class)
        .hasMessageContaining("at 4096: expected a frame of the file's generation");
  }

  @Test
  void theFileOfAnotherStoreIsRefused() throws IOException {
    fixture.fillTo(3);

    assertThatThrownBy(() ->
            FileJournal.open(
                fixture.directory,
                new StoreId(9, 9),
                JournalFixture.seams(new Random(1)),
                JournalFixture.SMALL,
                (id, place) -> {}))
        .isInstanceOf(CorruptFileException.class)
        .hasMessageContaining("a file of this store");
  }

  @Test
  void aDamagedFileHeaderIsDamage() throws IOException {
    fixture.fillTo(30);
    flip(fixture.bytes(2), 30, 0);

    assertThatThrownBy(fixture::open)
        .isInstanceOf(CorruptFileException.class)
        .hasMessageStartingWith("/journal/0000000002.journal at 0");
  }

  @Test
  void aLaterVersionOfAFrameIsTooNew() throws IOException {
    crashAfter(2);
    byte[] file = fixture.bytes(1);
    int at = (int) frame(1, 2).position();
    ByteBuffer frame = ByteBuffer.wrap(file, at, 64).slice();
    frame.putShort(4, (short) 2);
    frame.putInt(60, Checksums.crc32c(frame.slice(0, 60)));
    fixture.write(1, file);

    assertThatThrownBy(fixture::open).isInstanceOf(FormatTooNewException.class);
  }

  @Test
  void aCopyOfOldPagesInATornBodyIsNotTakenForALaterBatch() throws IOException {
    fixture = new JournalFixture(new JournalConfig(1 << 20, true));
    FileJournal journal = fixture.open();
    fixture.appendTo(journal, 3);
    byte[] before = fixture.bytes(1);
    int start = (int) frame(1, 3).end();
    // Pages of the journal itself as a body, where pages of the file begin.
    byte[] pages = Arrays.copyOfRange(before, 4096, start);
    int frontBytes = 4096 - (64 + 44) - 4 - 64;
    byte[] body = new byte[frontBytes + pages.length];
    System.arraycopy(pages, 0, body, frontBytes, pages.length);
    journal.append(4, List.of(), List.of(JournalFixture.chunk(body)));
    byte[] torn = fixture.bytes(1);
    assertThat(torn[start + 4096]).isEqualTo((byte) 'S');
    torn[start] ^= 1;
    fixture.write(1, torn);

    fixture.assertHolds(fixture.open(), 3);
    assertThat(fixture.bytes(1)).isEqualTo(before);
  }

  @Test
  void framesOfOtherVersionsInATornBodyDoNotStopTheStart() throws IOException {
    for (int version : new int[] {0, 2}) {
      fixture = new JournalFixture(new JournalConfig(1 << 20, true));
      FileJournal journal = fixture.open();
      fixture.appendTo(journal, 3);
      byte[] before = fixture.bytes(1);
      int start = (int) frame(1, 3).end();
      // A page of the journal itself as a body, where a page of the file begins.
      byte[] page = Arrays.copyOfRange(before, 4096, 8192);
      ByteBuffer frame = ByteBuffer.wrap(page, 0, 64).slice();
      frame.putShort(4, (short) version);
      frame.putInt(60, Checksums.crc32c(frame.slice(0, 60)));
      int frontBytes = 4096 - (64 + 44) - 4 - 64;
      byte[] body = new byte[frontBytes + page.length];
      System.arraycopy(page, 0, body, frontBytes, page.length);
      journal.append(4, List.of(), List.of(JournalFixture.chunk(body)));
      byte[] torn = fixture.bytes(1);
      assertThat(torn[start + 4096]).isEqualTo((byte) 'S');
      torn[start] ^= 1;
      fixture.write(1, torn);

      fixture.assertHolds(fixture.open(), 3);
      assertThat(fixture.bytes(1)).isEqualTo(before);
    }
  }

  private void crashAfter(long batches) throws IOException {
    fixture.appendTo(fixture.open(), batches);
    fixture.disk.crashLosingUnforced();
  }

  private byte[] flip(byte[] whole, long position, int bit) throws IOException {
    byte[] damaged = whole.clone();
    damaged[(int) position] ^= (byte) (1 << bit);
    fixture.write(whole[23], damaged); // the number in the file's header
    return damaged;
  }

  private Frame frame(long file, long batch) throws IOException {
    try (JournalReader reader = JournalReader.open(fixture.file(file))) {
      Frame frame = reader.frame(JournalFormat.PAGE_BYTES);
      while (frame.header().batch() < batch) {
        frame = reader.frame(frame.end());
      }
      return frame;
    }
  }

  private Frame lastOf(long file) throws IOException {
    try (JournalReader reader = JournalReader.open(fixture.file(file))) {
      Frame frame = reader.frame(JournalFormat.PAGE_BYTES);
      while (true) {
        try {
          frame = reader.frame(frame.end());
        } catch (CorruptFileException e) {
          return frame;
        }
      }
    }
  }

  private static Iterable<Long> range(long from, long count) {
    return LongStream.range(from, from + count).boxed().toList();
  }
}
