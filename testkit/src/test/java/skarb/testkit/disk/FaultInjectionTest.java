package skarb.testkit.disk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Failing, cutting, filling and damaging the disk, and what it tells of its use.
final class FaultInjectionTest {
  private SimulatedFileSystem disk = new SimulatedFileSystem();

  private Path path(String name) {
    return disk.getPath("/" + name);
  }

  /// The textbook replacement of a file, in five operations.
  private void replace(String content) throws IOException {
    try (FileChannel channel = FileChannel.open(path("tmp"), WRITE, CREATE)) {
      channel.truncate(0);
      ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(path("tmp"), path("file"), StandardCopyOption.ATOMIC_MOVE);
    forceRoot();
  }

  private void forceRoot() throws IOException {
    try (FileChannel root = FileChannel.open(path(""), READ)) {
      root.force(true);
    }
  }

  @Test
  void powerCutAtEachOperationLeavesTheOldOrTheNewFile() throws IOException {
    TreeSet<String> seen = new TreeSet<>();
    int crashes = 0;
    for (int n = 1; ; n++) {
      disk = new SimulatedFileSystem();
      replace("old");
      disk.crashAt(n);
      boolean done = false;
      try {
        replace("new");
        done = true;
      } catch (SimulatedCrash expected) {
        crashes++;
        assertThatThrownBy(() -> Files.exists(path("file"))).isInstanceOf(SimulatedCrash.class);
      }
      if (!disk.faultFired()) {
        break;
      }
      assertThat(done).isFalse();
      disk.restart(n);
      String content = Files.readString(path("file"));
      assertThat(content).isIn("old", "new");
      seen.add(content);
    }
    assertThat(crashes).isEqualTo(5);
    assertThat(seen).containsExactly("new", "old");
  }

  @Test
  void transientFailureStrikesOnceAndPersistentOneForGood() throws IOException {
    disk.failAt(2, FailureMode.ONCE);
    try (FileChannel channel = FileChannel.open(path("a"), WRITE, CREATE)) {
      assertThatThrownBy(() -> channel.write(ByteBuffer.allocate(10)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("write /a 0..10");
      assertThat(channel.size()).isEqualTo(5);
      channel.write(ByteBuffer.allocate(10));
      disk.failAt(1, FailureMode.PERSISTENT);
      assertThatThrownBy(() -> channel.write(ByteBuffer.allocate(1)))
          .isInstanceOf(IOException.class);
      assertThatThrownBy(() -> channel.force(true)).isInstanceOf(IOException.class);
    }
    assertThatThrownBy(() -> Files.delete(path("a"))).isInstanceOf(IOException.class);
    assertThat(Files.size(path("a"))).isEqualTo(10);
    assertThat(disk.faultFired()).isTrue();
    disk.clearFaults();
    Files.delete(path("a"));
  }

  @Test
  void chosenOperationsFail() throws IOException {
    Files.writeString(path("a"), "1");
    Files.writeString(path("b"), "1");
    disk.failWhen(
        it -> it.kind() == DiskOperation.Kind.READ && it.path().endsWith("b"), FailureMode.ONCE);
    assertThat(Files.readString(path("a"))).isEqualTo("1");
    assertThatThrownBy(() -> Files.readString(path("b"))).isInstanceOf(IOException.class);
    assertThat(Files.readString(path("b"))).isEqualTo("1");
  }

  @Test
  void secondForceAfterAFailedOneLies() throws IOException {
    try (FileChannel channel = FileChannel.open(path("a"), WRITE, CREATE)) {
      forceRoot();
      for (int i = 0; i < 20; i++) {
        channel.write(ByteBuffer.wrap(new byte[] {1}), i);
        disk.failAt(1, FailureMode.ONCE);
        assertThatThrownBy(() -> channel.force(true)).isInstanceOf(IOException.class);
        channel.force(true);
        assertThat(channel.size()).isEqualTo(i + 1);
      }
    }
    assertThat(disk.isDurable(path("a"))).isFalse();
    disk.crashKeepingUnforced();
    byte[] content = Files.readAllBytes(path("a"));
    int lost = 20 - content.length;
    for (byte one : content) {
      lost += one == 0 ? 1 : 0;
    }
    assertThat(lost).isPositive();
  }

  @Test
  void fullDiskWritesWhatFitsThenRefuses() throws IOException {
    disk.limitBytes(100);
    try (FileChannel channel = FileChannel.open(path("a"), WRITE, CREATE)) {
      assertThat(channel.write(ByteBuffer.allocate(80))).isEqualTo(80);
      assertThat(channel.write(ByteBuffer.allocate(80))).isEqualTo(20);
      assertThatThrownBy(() -> channel.write(ByteBuffer.allocate(1)))
          .isInstanceOf(IOException.class)
          .hasMessage("No space left on device");
      assertThat(channel.write(ByteBuffer.allocate(50), 0)).isEqualTo(50);
      assertThat(Files.getFileStore(path("a")).getUsableSpace()).isZero();
      Files.delete(path("a"));
      assertThat(Files.getFileStore(path("")).getUsableSpace()).isZero();
    }
    assertThat(Files.getFileStore(path("")).getUsableSpace()).isEqualTo(100);
    disk.setUsableSpace(7);
    assertThat(Files.getFileStore(path("")).getUsableSpace()).isEqualTo(7);
  }

  @Test
  void damageIsThereAfterACrashToo() throws IOException {
    Files.write(path("a"), new byte[] {0, 0, 0, 0});
    try (FileChannel channel = FileChannel.open(path("a"), READ)) {
      channel.force(true);
    }
    forceRoot();
    disk.flipBit(path("a"), 2);
    disk.flipBit(path("a"), 3, 7);
    disk.crashLosingUnforced();
    assertThat(Files.readAllBytes(path("a"))).containsExactly(0, 0, 1, -128);
    disk.truncateDurably(path("a"), 3);
    disk.crashLosingUnforced();
    assertThat(Files.size(path("a"))).isEqualTo(3);
    disk.makeUnreadable(path("a"), 1, 1);
    assertThatThrownBy(() -> Files.readAllBytes(path("a"))).isInstanceOf(IOException.class);
  }

  @Test
  void shortTransfersStillMoveAtLeastOneByte() throws IOException {
    disk.shortTransfers(5);
    replace("x".repeat(1_000));
    assertThat(disk.counters().writes()).isGreaterThan(1);
    assertThat(Files.readString(path("file"))).isEqualTo("x".repeat(1_000));
    assertThat(disk.counters().reads()).isGreaterThan(1);
  }

  @Test
  void traceAndCountersTellWhatWasDone() throws IOException {
    replace("1");
    DiskCounters before = disk.counters();
    disk.clearTrace();
    replace("23");
    Files.createDirectory(path("d"));
    Files.delete(path("d"));
    assertThat(disk.trace())
        .containsExactly(
            "create /tmp",
            "write /tmp 0..2",
            "force /tmp",
            "rename /tmp /file",
            "force /",
            "mkdir /d",
            "delete /d");
    DiskCounters cost = disk.counters().minus(before);
    assertThat(cost).isEqualTo(new DiskCounters(2, 1, 2, 1, 1, 0, 1, 1, 0, 0));
    assertThat(disk.mutations()).isEqualTo(12);
  }

  @Test
  void forgottenChannelIsReportedWithItsPlace() throws IOException {
    disk.checkNoOpenFiles();
    FileChannel channel = FileChannel.open(path("a"), WRITE, CREATE);
    assertThat(disk.openFiles()).containsExactly(path("a"));
    assertThatThrownBy(disk::checkNoOpenFiles)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("/a")
        .satisfies(e ->
            assertThat(e.getSuppressed()[0].getStackTrace())
                .anyMatch(it -> it.getMethodName().startsWith("forgottenChannel")));
    channel.close();
    disk.checkNoOpenFiles();
  }
}
