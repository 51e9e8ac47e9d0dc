package skarb.node.commit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import skarb.node.index.StateDigest;
import skarb.node.journal.JournalConfig;
import skarb.node.model.UploadName;
import skarb.testkit.disk.FailureMode;
import skarb.testkit.disk.SimulatedCrash;
import skarb.testkit.disk.SimulatedFileSystem;

/// Cuts the power, and fails operations, at each step of an upload in parts: afterwards it is open
/// with the parts that were answered, or its object is there and it is gone.
class UploadCrashTest {
  private static final JournalConfig SMALL_FILES = new JournalConfig(16_384, false);

  private final ManualClock wall = new ManualClock(1_000_000);

  /// What was answered.
  private static final class Told {
    @Nullable UploadName upload;
    int parts;
    boolean completed;
  }

  @Test
  void uploadIsOpenOrCompletedWhereverThePowerIsCut() {
    for (FailureMode mode : FailureMode.values()) {
      for (int step = 1; runWithFault(step, mode); step++) {}
    }
  }

  private boolean runWithFault(int step, FailureMode mode) {
    SimulatedFileSystem disk = new SimulatedFileSystem();
    disk.failAt(step, mode);
    Told told = new Told();
    try {
      live(disk, told);
    } catch (IOException | SimulatedCrash e) {
      assertThat(disk.faultFired()).isTrue();
    }
    boolean struck = disk.faultFired();
    disk.crash(step);
    try {
      verify(disk, told, "step " + step + ", " + mode);
    } catch (IOException e) {
      throw new AssertionError("step " + step + ", " + mode, e);
    }
    return struck;
  }

  private void live(SimulatedFileSystem disk, Told told) throws IOException {
    try (DiskStore store = open(disk)) {
      if (!isDone(store, Requests.createBucket())) {
        return;
      }
      if (!(outcome(store, UploadRequests.open("k"))
          instanceof Outcome.Done(Committed(var _, Committed.UploadOpened(UploadName upload))))) {
        return;
      }
      told.upload = upload;
      for (int number = 1; number <= 3; number++) {
        if (!isDone(store, UploadRequests.part("k", upload, number, "x"))) {
          return;
        }
        told.parts = number;
      }
      told.completed = isDone(store, UploadRequests.complete(store.index, "k", upload, ""));
    }
  }

  private void verify(SimulatedFileSystem disk, Told told, String where) throws IOException {
    UploadName upload = told.upload;
    StateDigest digest;
    try (DiskStore store = open(disk)) {
      digest = store.index.digest();
      if (upload == null) {
        return;
      }
      boolean isOpen = UploadRequests.isOpen(store.index, "k", upload);
      Optional<String> object = UploadRequests.object(store.index, "k");
      assertThat(isOpen).as(where).isNotEqualTo(object.isPresent());
      if (isOpen) {
        assertThat(told.completed).as(where).isFalse();
        assertThat(UploadRequests.contents(store.index, upload).size())
            .as(where)
            .isBetween(told.parts, told.parts + 1);
      } else {
        assertThat(object).as(where).contains("1=x,2=x,3=x");
        assertThat(UploadRequests.contents(store.index, upload)).as(where).isEmpty();
      }
    }
    try (DiskStore again = open(disk)) {
      assertThat(again.index.digest()).as(where).isEqualTo(digest);
    }
    disk.checkNoOpenFiles();
  }

  private static boolean isDone(DiskStore store, Mutation mutation) {
    return outcome(store, mutation) instanceof Outcome.Done;
  }

  private static Outcome outcome(DiskStore store, Mutation mutation) {
    return store.pipeline.commitAll(List.of(Requests.submission(mutation))).getFirst();
  }

  private DiskStore open(SimulatedFileSystem disk) throws IOException {
    wall.advance(7);
    return DiskStore.open(
        disk.getPath("/journal"),
        PipelineHarness.seams(wall, new SplittableRandom(wall.millis())),
        SMALL_FILES);
  }
}
