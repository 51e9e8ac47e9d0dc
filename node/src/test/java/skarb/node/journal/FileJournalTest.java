package skarb.node.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import skarb.node.model.ChunkPlace;

class FileJournalTest {
  @Test
  void whatWasAppendedIsReplayedInOrder() throws IOException {
    JournalFixture fixture = new JournalFixture();
    try (FileJournal journal = fixture.open()) {
      assertThat(journal.recovery().created()).isTrue();
      assertThat(journal.lastBatch()).isZero();
      assertThat(JournalFixture.replayed(journal, 1)).isEmpty();

      fixture.appendTo(journal, 50);

      fixture.assertHolds(journal, 50);
    }
  }

  @Test
  void replayBeginsAtAnyBatch() throws IOException {
    JournalFixture fixture = new JournalFixture();
    try (FileJournal journal = fixture.open()) {
      fixture.appendTo(journal, 30);
      for (long from = 0; from <= 32; from++) {
        assertThat(JournalFixture.replayed(journal, from))
            .as("from " + from)
            .isEqualTo(JournalFixture.expected(Math.max(1, from), 30));
      }
    }
  }

  @Test
  void replaySkipsWholeFiles() throws IOException {
    JournalFixture fixture = new JournalFixture();
    fixture.fillTo(100);
    try (FileJournal journal = fixture.open()) {
      long before = fixture.disk.counters().bytesRead();

      assertThat(JournalFixture.replayed(journal, 100)).hasSize(1);

      assertThat(fixture.disk.counters().bytesRead() - before).isLessThan(40_000);
      assertThat(journal.bytes()).isGreaterThan(500_000);
    }
  }

  @Test
  void itCanBeReopenedManyTimes() throws IOException {
    JournalFixture fixture = new JournalFixture();
    for (int round = 1; round <= 60; round++) {
      try (FileJournal journal = fixture.open()) {
        assertThat(journal.recovery().notes()).isEmpty();
        assertThat(journal.recovery().sealed()).isTrue();
        fixture.assertHolds(journal, round - 1);
        fixture.append(journal, round);
      }
    }
    fixture.disk.checkNoOpenFiles();
  }

  @Test
  void reopeningWithoutWritesTakesNoSpace() throws IOException {
    JournalFixture fixture = new JournalFixture();
    fixture.fillTo(2);
    byte[] before = fixture.bytes(1);
    for (int round = 0; round < 20; round++) {
      fixture.open().close();
    }

    assertThat(fixture.bytes(1)).isEqualTo(before);
  }

  @Test
  void aBatchLargerThanAFileGetsAFileOfItsOwn() throws IOException {
    JournalFixture fixture = new JournalFixture();
    try (FileJournal journal = fixture.open()) {
      journal.append(1, List.of(ByteString.copyFromUtf8("small")), List.of());
      List<ChunkPlace> places =
          journal.append(
              2,
              List.of(ByteString.copyFrom(new byte[100_000])),
              List.of(JournalFixture.chunk(new byte[300_000])));
      journal.append(3, List.of(ByteString.copyFromUtf8("small")), List.of());

      assertThat(places.getFirst().file()).isEqualTo(2);
      assertThat(Files.size(fixture.file(2))).isBetween(400_000L, 420_000L);
      assertThat(journal.bytes()).isEqualTo(2 * (32 << 10) + Files.size(fixture.file(2)));
    }
    try (FileJournal journal = fixture.open()) {
      assertThat(journal.lastBatch()).isEqualTo(3);
      assertThat(fixture.bodies).hasSize(1);
      assertThat(JournalFixture.replayed(journal, 2))
          .containsEntry(2L, List.of(ByteString.copyFrom(new byte[100_000])));
    }
  }

  @Test
  void aBatchAboveTheLimitIsRefusedAndHarmsNothing() throws IOException {
    JournalFixture fixture = new JournalFixture();
    try (FileJournal journal = fixture.open()) {
      ByteString half = ByteString.copyFrom(new byte[FileJournal.MAX_BATCH_BYTES / 2]);
      assertThatThrownBy(() -> journal.append(1, List.of(half, half), List.of()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("above the limit of 16777216");

      fixture.appendTo(journal, 3);
      fixture.assertHolds(journal, 3);
    }
  }

  @Test
  void aLogThatHasMovedRefusesAndHarmsNothing() throws IOException {
    JournalFixture fixture = new JournalFixture();
    try (FileJournal journal = fixture.open()) {
      fixture.appendTo(journal, 2);
      for (long wrong : new long[] {0, 2, 4}) {
        assertThatThrownBy(() -> journal.append(wrong, List.of(), List.of()))
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("stands at batch 2");
      }
      fixture.appendTo(journal, 3);
      fixture.assertHolds(journal, 3);
    }
  }

  @Test
  void manySmallBodiesFillAFileAndItsFooter() throws IOException {
    JournalFixture fixture = new JournalFixture();
    try (FileJournal journal = fixture.open()) {
      for (int batch = 1; batch <= 40; batch++) {
        journal.append(
            batch,
            List.of(),
            Collections.nCopies(60, JournalFixture.chunk(new byte[] {(byte) batch})));
      }
    }
    try (FileJournal journal = fixture.open()) {
      assertThat(fixture.bodies).hasSize(40);
      assertThat(journal.lastBatch()).isEqualTo(40);
      assertThat(Files.size(fixture.file(1))).isEqualTo(32 << 10);
    }
  }

  @Test
  void anAppendCostsOneForceAndOneWrite() throws IOException {
    JournalFixture fixture = new JournalFixture(new JournalConfig(1 << 20, true));
    try (FileJournal journal = fixture.open()) {
      var before = fixture.disk.counters();

      fixture.appendTo(journal, 60);

      var after = fixture.disk.counters();
      assertThat(after.forces() - before.forces()).isEqualTo(60);
      assertThat(after.writes() - before.writes()).isEqualTo(60);
      assertThat(after.directoryForces() - before.directoryForces()).isZero();
    }
  }

  @Test
  void nothingIsAppendedAfterItWasClosed() throws IOException {
    JournalFixture fixture = new JournalFixture();
    FileJournal journal = fixture.open();
    journal.close();
    journal.close();

    assertThatThrownBy(() -> fixture.append(journal, 1)).hasMessageContaining("closed");
  }

  @Test
  void shortWritesAndReadsAreCompleted() throws IOException {
    JournalFixture fixture = new JournalFixture();
    fixture.disk.shortTransfers(3);
    fixture.fillTo(10);
    try (FileJournal journal = fixture.open()) {
      fixture.assertHolds(journal, 10);
    }
  }
}
