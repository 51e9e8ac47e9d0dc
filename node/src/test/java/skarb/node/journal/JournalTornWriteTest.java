package skarb.node.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The last batch reached the disk in part: each prefix and each other part of it, sector by
/// sector.
class JournalTornWriteTest {
  private static final int SECTOR = 512;
  private static final long LAST = 4; // has two bodies

  private byte[] before = new byte[0];
  private byte[] after = new byte[0];
  private int start;
  private int end;

  @BeforeEach
  void writeTheLastBatch() throws IOException {
    JournalFixture fixture = new JournalFixture();
    FileJournal journal = fixture.open();
    fixture.appendTo(journal, LAST - 1);
    before = fixture.bytes(1);
    fixture.append(journal, LAST);
    after = fixture.bytes(1);
    start = Arrays.mismatch(before, after);
    end = after.length;
    while (after[end - 1] == before[end - 1]) {
      end--;
    }
    assertThat(start % JournalFormat.PAGE_BYTES).isZero();
    assertThat(end - start).isGreaterThan(4 * SECTOR);
  }

  @Test
  void aTornTailIsCutAtTheLastWholeBatch() throws IOException {
    for (int cut = start; cut < end + SECTOR; cut += SECTOR) {
      byte[] torn = before.clone();
      System.arraycopy(after, start, torn, start, cut - start);

      openTorn(torn, cut >= end ? LAST : LAST - 1, "prefix up to " + cut);
    }
  }

  @Test
  void aTailThatMissesAnySectorIsCut() throws IOException {
    for (int missing = start; missing < end; missing += SECTOR) {
      byte[] torn = after.clone();
      Arrays.fill(torn, missing, missing + SECTOR, (byte) 0);

      openTorn(torn, LAST - 1, "without sector " + missing);
    }
  }

  @Test
  void aTailOfRandomSectorsIsCut() throws IOException {
    Random random = new Random(5);
    for (int run = 0; run < 200; run++) {
      byte[] torn = before.clone();
      boolean whole = true;
      for (int sector = start; sector < end; sector += SECTOR) {
        if (random.nextInt(4) > 0) {
          System.arraycopy(after, sector, torn, sector, SECTOR);
        } else {
          whole = false;
        }
      }
      openTorn(torn, whole ? LAST : LAST - 1, "run " + run);
    }
  }

  private void openTorn(byte[] torn, long expectedLast, String what) throws IOException {
    JournalFixture fixture = new JournalFixture();
    fixture.write(1, torn);
    boolean clean = expectedLast == LAST || Arrays.equals(torn, before);
    try (FileJournal journal = fixture.open()) {
      fixture.assertHolds(journal, expectedLast);
      assertThat(journal.recovery().sealed()).as(what).isFalse();
      assertThat(journal.recovery().notes()).as(what).hasSize(clean ? 0 : 1);
      assertThat(fixture.bytes(1)).as(what).isEqualTo(expectedLast == LAST ? after : before);
      fixture.appendTo(journal, LAST + 3);
    }
    try (FileJournal journal = fixture.open()) {
      fixture.assertHolds(journal, LAST + 3);
      assertThat(journal.recovery().notes()).as(what).isEmpty();
    }
  }

  @Test
  void whatWasCutIsReported() throws IOException {
    JournalFixture fixture = new JournalFixture();
    byte[] torn = after.clone();
    torn[end - 1] ^= 1; // in the last body
    fixture.write(1, torn);

    try (FileJournal journal = fixture.open()) {
      assertThat(journal.recovery().notes())
          .singleElement()
          .asString()
          .startsWith("/journal/0000000001.journal: the end was torn")
          .contains("from " + start + " on were zeroed, after batch 3")
          .contains("expected block 0 of chunk");
    }
  }
}
