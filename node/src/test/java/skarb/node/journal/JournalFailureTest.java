package skarb.node.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import skarb.testkit.disk.DiskOperation;
import skarb.testkit.disk.FailureMode;

/// The disk refuses.
class JournalFailureTest {
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
  void aFailedForceIsFinal() throws IOException {
    FileJournal journal = fixture.open();
    fixture.appendTo(journal, 2);
    fixture.disk.failWhen(o -> o.kind() == DiskOperation.Kind.FORCE, FailureMode.ONCE);

    assertThatThrownBy(() -> fixture.append(journal, 3)).hasMessageContaining("force failed");

    long forces = fixture.disk.counters().forces();
    long writes = fixture.disk.counters().writes();
    assertThatThrownBy(() -> fixture.append(journal, 3))
        .hasMessageContaining("failed before, and that is final");
    assertThat(journal.lastBatch()).isEqualTo(2);
    assertThat(JournalFixture.replayed(journal, 1)).hasSize(2); // reads go on
    journal.close();
    assertThat(fixture.disk.counters().forces()).as("never tried again").isEqualTo(forces);
    assertThat(fixture.disk.counters().writes()).as("no seal").isEqualTo(writes);
    fixture.disk.checkNoOpenFiles();
  }

  @Test
  void whatAFailedForceLeftInMemoryIsWrittenAgainBeforeItIsServed() throws IOException {
    FileJournal journal = fixture.open();
    fixture.appendTo(journal, 2);
    fixture.disk.failWhen(o -> o.kind() == DiskOperation.Kind.FORCE, FailureMode.ONCE);
    assertThatThrownBy(() -> fixture.append(journal, 3)).isInstanceOf(IOException.class);
    fixture.disk.killProcess();

    FileJournal restarted = fixture.open();
    assertThat(restarted.lastBatch()).isEqualTo(3);
    fixture.appendTo(restarted, 4);
    fixture.disk.crashLosingUnforced();

    fixture.assertHolds(fixture.open(), 4);
  }

  @Test
  void aFullDiskWhileTheNextFileIsMadeAheadIsNoFailureYet() throws IOException {
    FileJournal journal = fixture.open();
    fixture.disk.limitBytes(fixture.config.fileBytes() + 5000);
    fixture.appendTo(journal, 4);
    assertThat(Files.exists(fixture.file(2))).isFalse();

    fixture.disk.limitBytes(Long.MAX_VALUE);
    fixture.appendTo(journal, 9);

    assertThat(Files.exists(fixture.file(2))).isTrue();
    journal.close();
    FileJournal reopened = fixture.open();
    fixture.assertHolds(reopened, 9);
    assertThat(reopened.recovery().notes()).isEmpty();
  }

  @Test
  void aFullDiskWhenTheNextFileIsNeededStopsAppendsAndARestartGoesOn() throws IOException {
    FileJournal journal = fixture.open();
    fixture.disk.limitBytes(fixture.config.fileBytes() + 5000);

    assertThatThrownBy(() -> fixture.appendTo(journal, 20))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("No space left");
    long last = journal.lastBatch();
    assertThatThrownBy(() -> fixture.append(journal, last + 1)).hasMessageContaining("final");
    journal.close();

    fixture.disk.limitBytes(Long.MAX_VALUE);
    FileJournal reopened = fixture.open();
    fixture.assertHolds(reopened, last);
    fixture.appendTo(reopened, last + 5);
    fixture.assertHolds(reopened, last + 5);
  }

  @Test
  void aFailedForceOfTheDirectoryIsFinalForNewFiles() throws IOException {
    FileJournal journal = fixture.open();
    fixture.disk.failWhen(o -> o.kind() == DiskOperation.Kind.FORCE_DIRECTORY, FailureMode.ONCE);

    assertThatThrownBy(() -> fixture.appendTo(journal, 20))
        .hasMessageContaining("a force of the directory failed before, which is final");
    assertThat(Files.exists(fixture.file(2))).isFalse();
    assertThat(journal.lastBatch()).isPositive();
  }

  @Test
  void aNameThatAFailedForceLeftToChanceIsNotLostLater() throws IOException {
    FileJournal journal = fixture.open();
    fixture.disk.failWhen(o -> o.kind() == DiskOperation.Kind.FORCE_DIRECTORY, FailureMode.ONCE);
    fixture.disk.failWhen(
        o -> o.kind() == DiskOperation.Kind.DELETE && o.path().equals(fixture.file(2)),
        FailureMode.ONCE);
    assertThatThrownBy(() -> fixture.appendTo(journal, 20)).isInstanceOf(IOException.class);
    assertThat(Files.exists(fixture.file(2))).isTrue();
    fixture.disk.killProcess();

    fixture.appendTo(fixture.open(), 11);
    fixture.disk.crashLosingUnforced();

    fixture.assertHolds(fixture.open(), 11);
  }

  @Test
  void aFileThatAFailedForceLeftToChanceIsNotLostLater() throws IOException {
    fixture.fillTo(1);
    FileJournal journal = fixture.open();
    ByteString large = ByteString.copyFrom(new byte[100_000]);
    // The force of the file made larger, before its first frame is written.
    fixture.disk.failWhen(
        o -> o.kind() == DiskOperation.Kind.FORCE && o.path().equals(fixture.file(2)),
        FailureMode.ONCE);
    assertThatThrownBy(() -> journal.append(2, List.of(large), List.of()))
        .hasMessageContaining("0000000002.journal: force failed");
    fixture.disk.killProcess();

    fixture.open().append(2, List.of(large), List.of());
    fixture.disk.crashLosingUnforced();

    FileJournal restarted = fixture.open();
    assertThat(JournalFixture.replayed(restarted, 2)).containsEntry(2L, List.of(large));
  }

  @Test
  void anUnreadablePageIsAnErrorAndNotATornTail() throws IOException {
    fixture.fillTo(3);
    byte[] before = fixture.bytes(1);
    fixture.disk.makeUnreadable(fixture.file(1), 8192, 1);

    assertThatThrownBy(fixture::open).isInstanceOf(IOException.class);

    fixture.write(1, before);
    fixture.assertHolds(fixture.open(), 3);
  }
}
