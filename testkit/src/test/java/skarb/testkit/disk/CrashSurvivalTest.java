package skarb.testkit.disk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What a crash leaves of what was and was not forced.
final class CrashSurvivalTest {
  private static final int SEEDS = 300;
  private static final int SECTOR = 512;

  private SimulatedFileSystem disk = new SimulatedFileSystem();

  private Path path(String name) {
    return disk.getPath("/" + name);
  }

  private void write(String name, long position, String text) throws IOException {
    try (FileChannel channel = FileChannel.open(path(name), WRITE, CREATE)) {
      channel.write(ByteBuffer.wrap(text.getBytes(UTF_8)), position);
    }
  }

  private void force(String name) throws IOException {
    try (FileChannel channel = FileChannel.open(path(name), READ)) {
      channel.force(true);
    }
  }

  private void writeDurably(String name, String text) throws IOException {
    write(name, 0, text);
    force(name);
    force("");
  }

  private String content(String name) throws IOException {
    return Files.exists(path(name)) ? Files.readString(path(name)) : "absent";
  }

  private Set<String> names() throws IOException {
    try (Stream<Path> entries = Files.list(path(""))) {
      return entries.map(Path::toString).collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private interface Scene {
    void play() throws IOException;
  }

  private interface Outcome {
    String observe() throws IOException;
  }

  /// All outcomes that the seeds give.
  private Set<String> outcomes(Scene scene, Outcome outcome) throws IOException {
    Set<String> seen = new TreeSet<>();
    for (int seed = 0; seed < SEEDS; seed++) {
      disk = new SimulatedFileSystem();
      scene.play();
      disk.crash(seed);
      seen.add(outcome.observe());
    }
    return seen;
  }

  @Test
  void forcedBytesUnderForcedNamesAlwaysSurvive() throws IOException {
    assertThat(outcomes(() -> writeDurably("a", "kept"), () -> content("a")))
        .containsExactly("kept");
  }

  @Test
  void forcedFileMayLoseItsUnforcedName() throws IOException {
    Scene scene =
        () -> {
          write("a", 0, "kept");
          force("a");
        };
    assertThat(outcomes(scene, () -> content("a"))).containsExactly("absent", "kept");
  }

  @Test
  void unforcedFileUnderForcedNameMayBeEmptyZeroedOrWhole() throws IOException {
    Scene scene =
        () -> {
          write("a", 0, "kept");
          force("");
        };
    assertThat(outcomes(scene, () -> content("a"))).containsExactly("", "\0\0\0\0", "kept");
  }

  @Test
  void unforcedAppendsMayBeReorderedButNeverTouchWhatWasForced() throws IOException {
    String old = "o".repeat(SECTOR);
    String one = "1".repeat(SECTOR);
    String two = "2".repeat(SECTOR);
    Scene scene =
        () -> {
          writeDurably("a", old);
          write("a", SECTOR, one);
          write("a", 2 * SECTOR, two);
        };
    String zeros = "\0".repeat(SECTOR);
    assertThat(outcomes(scene, () -> content("a")))
        .containsExactlyInAnyOrder(
            old,
            old + one,
            old + zeros,
            old + one + two,
            old + one + zeros,
            old + zeros + two,
            old + zeros + zeros);
  }

  @Test
  void unforcedOverwriteIsTornBySectors() throws IOException {
    Scene scene =
        () -> {
          writeDurably("a", "a".repeat(3 * SECTOR));
          write("a", 0, "b".repeat(3 * SECTOR));
        };
    Outcome sectors =
        () -> {
          String all = content("a");
          StringBuilder firsts = new StringBuilder();
          for (int i = 0; i < 3; i++) {
            String sector = all.substring(i * SECTOR, (i + 1) * SECTOR);
            assertThat(sector.chars().distinct().count()).isEqualTo(1);
            firsts.append(sector.charAt(0));
          }
          return firsts.toString();
        };
    assertThat(outcomes(scene, sectors))
        .containsExactly("aaa", "aab", "aba", "abb", "baa", "bab", "bba", "bbb");
  }

  @Test
  void sectorNeverMixesWritesThatProcessesDidNotSeeTogether() throws IOException {
    Scene scene =
        () -> {
          writeDurably("a", "....");
          write("a", 0, "1");
          write("a", 1, "2");
          write("a", 0, "3");
        };
    assertThat(outcomes(scene, () -> content("a")))
        .containsExactlyInAnyOrder("....", "1...", "12..", "32..");
  }

  @Test
  void unforcedTruncationHappensOrNot() throws IOException {
    Scene scene =
        () -> {
          writeDurably("a", "abcdef");
          try (FileChannel channel = FileChannel.open(path("a"), WRITE)) {
            channel.truncate(2);
          }
        };
    assertThat(outcomes(scene, () -> content("a"))).containsExactly("ab", "abcdef");
  }

  @Test
  void bytesCutOffNeverComeBackOnceTheCutSurvived() throws IOException {
    Scene scene =
        () -> {
          writeDurably("a", "abcdef");
          try (FileChannel channel = FileChannel.open(path("a"), WRITE)) {
            channel.truncate(2);
            channel.write(ByteBuffer.wrap(new byte[] {'z'}), 5);
          }
        };
    assertThat(outcomes(scene, () -> content("a")))
        .contains("abcdef", "ab", "ab\0\0\0\0", "ab\0\0\0z")
        .doesNotContain("abcdez", "abcde");
  }

  @Test
  void forceCoversOnlyWhatWasWrittenBeforeIt() throws IOException {
    Scene scene =
        () -> {
          writeDurably("a", "1");
          write("a", 1, "2");
        };
    assertThat(outcomes(scene, () -> content("a"))).contains("1", "12");
  }

  @Test
  void writeWhileAForceRunsIsNotCovered() throws IOException {
    write("a", 0, "1");
    force("");
    disk.beforeEach(operation -> {
      if (operation.kind() == DiskOperation.Kind.FORCE) {
        disk.beforeEach(other -> {});
        try {
          write("a", 1, "2");
        } catch (IOException e) {
          throw new AssertionError(e);
        }
      }
    });
    force("a");
    disk.crashLosingUnforced();
    assertThat(content("a")).isEqualTo("1");
  }

  @Test
  void renameKeepsTheOldOrTheNewOfBothFiles() throws IOException {
    Scene scene =
        () -> {
          writeDurably("target", "old");
          writeDurably("tmp", "new");
          Files.move(path("tmp"), path("target"), StandardCopyOption.ATOMIC_MOVE);
        };
    assertThat(outcomes(scene, () -> names() + content("target")))
        .containsExactly("[/target, /tmp]old", "[/target]new");
  }

  @Test
  void renameOfAnUnforcedFileMayExposeAnEmptyOne() throws IOException {
    Scene scene =
        () -> {
          writeDurably("target", "old");
          write("tmp", 0, "new");
          Files.move(path("tmp"), path("target"), StandardCopyOption.ATOMIC_MOVE);
          force("");
        };
    assertThat(outcomes(scene, () -> content("target"))).containsExactly("", "\0\0\0", "new");
  }

  @Test
  void moveThatIsNotAtomicMayLoseTheName() throws IOException {
    Scene scene =
        () -> {
          writeDurably("target", "old");
          writeDurably("tmp", "new");
          Files.move(path("tmp"), path("target"), StandardCopyOption.REPLACE_EXISTING);
        };
    assertThat(outcomes(scene, () -> names() + content("target")))
        .containsExactly("[/target, /tmp]old", "[/target]new", "[/tmp]absent");
  }

  @Test
  void changesOfDifferentNamesSurviveInAnyOrder() throws IOException {
    Scene scene =
        () -> {
          writeDurably("old", "");
          write("new", 0, "");
          Files.delete(path("old"));
        };
    assertThat(outcomes(scene, () -> names().toString()))
        .containsExactly("[/new, /old]", "[/new]", "[/old]", "[]");
  }

  @Test
  void chainOfRenamesNeverSplitsAFile() throws IOException {
    Scene scene =
        () -> {
          writeDurably("a", "1");
          Files.move(path("a"), path("b"));
          Files.move(path("b"), path("c"));
          Files.delete(path("c"));
        };
    assertThat(outcomes(scene, () -> names().toString()))
        .containsExactly("[/a]", "[/b]", "[/c]", "[]");
  }

  @Test
  void directoryIsLostWithAllThatWasForcedInIt() throws IOException {
    Scene scene =
        () -> {
          Files.createDirectory(path("d"));
          write("d/a", 0, "1");
          force("d/a");
          force("d");
        };
    assertThat(outcomes(scene, () -> names() + content("d/a")))
        .containsExactly("[/d]1", "[]absent");
  }

  @Test
  void everythingAndNothingCanBeAskedFor() throws IOException {
    writeDurably("a", "1");
    write("a", 0, "22");
    write("b", 0, "3");
    disk.crashKeepingUnforced();
    assertThat(content("a") + content("b")).isEqualTo("223");
    write("a", 0, "44");
    disk.crashLosingUnforced();
    assertThat(content("a") + content("b")).isEqualTo("223");
  }

  @Test
  void killedProcessLosesItsHandlesAndNothingElseUntilTheCrash() throws IOException {
    FileChannel channel = FileChannel.open(path("a"), WRITE, CREATE);
    channel.write(ByteBuffer.wrap(new byte[] {'1'}));
    assertThat(channel.tryLock()).isNotNull();
    disk.killProcess();
    assertThatThrownBy(() -> channel.write(ByteBuffer.allocate(1)))
        .isInstanceOf(ClosedChannelException.class);
    channel.close();
    try (FileChannel again = FileChannel.open(path("a"), READ, WRITE)) {
      assertThat(again.tryLock()).isNotNull();
      assertThat(again.size()).isEqualTo(1);
    }
    assertThat(disk.isDurable(path("a"))).isFalse();
    disk.crashLosingUnforced();
    assertThat(content("a")).isEqualTo("absent");
  }

  @Test
  void crashEndsTheChannelsOfFilesAndDirectories() throws IOException {
    writeDurably("a", "1");
    try (FileChannel file = FileChannel.open(path("a"), READ, WRITE);
        FileChannel directory = FileChannel.open(path(""), READ)) {
      disk.crash(1);
      assertThatThrownBy(file::size).isInstanceOf(ClosedChannelException.class);
      assertThatThrownBy(() -> file.force(true)).isInstanceOf(ClosedChannelException.class);
      assertThatThrownBy(() -> directory.force(true)).isInstanceOf(ClosedChannelException.class);
    }
    disk.checkNoOpenFiles();
    assertThat(content("a")).isEqualTo("1");
  }

  @Test
  void sameSeedGivesTheSameDisk() throws IOException {
    Set<Integer> states = new TreeSet<>();
    for (int i = 0; i < 5; i++) {
      disk = new SimulatedFileSystem();
      for (int f = 0; f < 10; f++) {
        write("f" + f, 0, "x".repeat(10_000));
        write("f" + f, 3_000, "y".repeat(5_000));
      }
      disk.crash(7);
      StringBuilder state = new StringBuilder();
      for (String name : names()) {
        state.append(name).append(Arrays.hashCode(Files.readAllBytes(disk.getPath(name))));
      }
      states.add(state.toString().hashCode());
    }
    assertThat(states).hasSize(1);
  }

  @Test
  void durabilityCanBeAskedFor() throws IOException {
    write("a", 0, "1");
    assertThat(disk.isDurable(path("a"))).isFalse();
    force("a");
    assertThat(disk.isDurable(path("a"))).isFalse();
    force("");
    assertThat(disk.isDurable(path("a"))).isTrue();
    write("a", 0, "2");
    assertThat(disk.isDurable(path("a"))).isFalse();
  }
}
