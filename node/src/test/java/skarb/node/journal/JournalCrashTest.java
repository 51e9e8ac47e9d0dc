package skarb.node.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import skarb.testkit.disk.DiskOperation;
import skarb.testkit.disk.FailureMode;
import skarb.testkit.disk.SimulatedCrash;

/// The power fails at every mutating operation; what had been acknowledged is there afterwards, and
/// at most one batch more.
class JournalCrashTest {
  private static final long BATCHES = 14;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void acknowledgedBatchesSurviveAPowerCutAtEveryOperation(long seed) throws IOException {
    for (int operation = 1; ; operation++) {
      JournalFixture fixture = new JournalFixture();
      AtomicLong acknowledged = new AtomicLong();
      fixture.disk.crashAt(operation);
      write(fixture, acknowledged);
      if (!fixture.disk.faultFired()) {
        assertThat(acknowledged.get()).isEqualTo(BATCHES);
        assertThat(operation).isGreaterThan(40);
        return;
      }
      fixture.disk.crash(seed * 1000 + operation);
      long found = recoverAndGoOn(fixture, acknowledged.get());
      // And once more, losing all that was not forced: what was served must be durable.
      fixture.disk.crashLosingUnforced();
      try (FileJournal journal = fixture.open()) {
        fixture.assertHolds(journal, found + 2);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void recoveryItselfSurvivesAPowerCutAtEveryOperation(long seed) throws IOException {
    for (int first = 6; first < 60; first += 3) {
      for (int second = 1; ; second++) {
        JournalFixture fixture = new JournalFixture();
        AtomicLong acknowledged = new AtomicLong();
        fixture.disk.crashAt(first);
        write(fixture, acknowledged);
        if (!fixture.disk.faultFired()) {
          return;
        }
        fixture.disk.crash(seed * 7919 + first);
        fixture.disk.crashAt(second);
        try (FileJournal journal = fixture.open()) {
          assertThat(journal.lastBatch()).isGreaterThanOrEqualTo(acknowledged.get());
        } catch (SimulatedCrash e) {
          // as asked for
        }
        boolean cut = fixture.disk.faultFired();
        fixture.disk.crash(seed * 104729 + second);
        recoverAndGoOn(fixture, acknowledged.get());
        if (!cut) {
          break;
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void aFailedForceOrWriteIsFinalAndARestartIsSafe(long seed) throws IOException {
    for (int operation = 1; ; operation++) {
      JournalFixture fixture = new JournalFixture();
      AtomicLong acknowledged = new AtomicLong();
      fixture.disk.failAt(operation, FailureMode.ONCE);
      write(fixture, acknowledged);
      if (!fixture.disk.faultFired()) {
        return;
      }
      // The process starts again, the machine does not: it sees what only its memory has.
      fixture.disk.killProcess();
      long found = recoverAndGoOn(fixture, acknowledged.get());
      fixture.disk.crash(seed * 1000 + operation);
      try (FileJournal journal = fixture.open()) {
        fixture.assertHolds(journal, found + 2);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void whatIsServedAfterAKillIsDurable(int more) throws IOException {
    for (int operation = 1; ; operation++) {
      JournalFixture fixture = new JournalFixture();
      AtomicLong acknowledged = new AtomicLong();
      fixture.disk.beforeEach(killAt(operation));
      write(fixture, acknowledged);
      fixture.disk.beforeEach(any -> {});
      fixture.disk.killProcess();
      FileJournal restarted = fixture.open();
      long served = restarted.lastBatch();
      boolean sealed = restarted.recovery().sealed();
      assertThat(served).isBetween(acknowledged.get(), acknowledged.get() + 1);
      fixture.appendTo(restarted, served + more);

      fixture.disk.crashLosingUnforced();

      FileJournal journal = fixture.open();
      assertThat(journal.recovery().notes()).as("killed at " + operation).isEmpty();
      fixture.assertHolds(journal, served + more);
      if (served == BATCHES && sealed) {
        return;
      }
    }
  }

  private static Consumer<DiskOperation> killAt(int operation) {
    AtomicLong seen = new AtomicLong();
    return asked -> {
      if (asked.mutates() && seen.incrementAndGet() >= operation) {
        throw new SimulatedKill();
      }
    };
  }

  /// The process ends here: nothing more reaches the disk.
  private static final class SimulatedKill extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /// Two lives with a clean stop between them; ends at the first failure.
  private static void write(JournalFixture fixture, AtomicLong acknowledged) {
    try {
      for (long stop = BATCHES / 2; stop <= BATCHES; stop += BATCHES / 2) {
        try (FileJournal journal = fixture.open()) {
          while (acknowledged.get() < stop) {
            fixture.append(journal, acknowledged.get() + 1);
            acknowledged.incrementAndGet();
          }
        }
      }
    } catch (SimulatedCrash | SimulatedKill | IOException e) {
      // as asked for
    }
  }

  /// @return the last batch that was found; two more were appended
  private static long recoverAndGoOn(JournalFixture fixture, long acknowledged) throws IOException {
    FileJournal journal = fixture.open();
    long found = journal.lastBatch();
    assertThat(found).isBetween(acknowledged, acknowledged + 1);
    fixture.assertHolds(journal, found);
    fixture.appendTo(journal, found + 2);
    fixture.assertHolds(journal, found + 2);
    return found;
  }
}
