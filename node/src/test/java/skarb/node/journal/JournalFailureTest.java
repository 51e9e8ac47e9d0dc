package skarb.node.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
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
  void anUnreadablePageIsAnErrorAndNotATornTail() throws IOException {
    fixture.fillTo(3);
    byte[] before = fixture.bytes(1);
    fixture.disk.makeUnreadable(fixture.file(1), 8192, 1);

    assertThatThrownBy(fixture::open).isInstanceOf(IOException.class);

    fixture.write(1, before);
    fixture.assertHolds(fixture.open(), 3);
  }
}
