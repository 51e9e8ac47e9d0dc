package skarb.node.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skarb.node.index.CheckpointSteps.Step;

/// Files and markers of different moments, mixed: each of the four files as it was after any step
/// of any checkpoint, or missing, or garbage. More than a crash can do, since a restored backup or
/// a file system that lost a rename can do more. A file is used where its marker vouches for these
/// very bytes, the newest such; and whatever was found, the replay ends in one digest.
class MapDbMixedFilesTest {
  private static final List<String> NAMES = List.of("a.mapdb", "a.marker", "b.mapdb", "b.marker");

  @TempDir Path directory;

  private final IndexHistory history = new IndexHistory();

  /// All that each file ever was, by its contents.
  private final Map<String, Map<String, byte[]>> contents = new LinkedHashMap<>();

  @Test
  void everyMixtureStartsWithOneDigest() throws Exception {
    SplittableRandom random = Seed.random("everyMixtureStartsWithOneDigest");
    collect(random);
    TreeSet<Long> found = new TreeSet<>();
    int mixtures = 0;
    for (String slot : List.of("a", "b")) {
      String other = slot.equals("a") ? "b" : "a";
      for (byte[] data : choices(random, slot + ".mapdb")) {
        for (byte[] marker : choices(random, slot + ".marker")) {
          Path files = Files.createDirectory(directory.resolve("mix" + mixtures));
          write(files.resolve(slot + ".mapdb"), data);
          write(files.resolve(slot + ".marker"), marker);
          write(files.resolve(other + ".mapdb"), any(random, other + ".mapdb"));
          write(files.resolve(other + ".marker"), any(random, other + ".marker"));
          if (random.nextInt(8) == 0) {
            write(files.resolve(slot + ".marker.new"), any(random, slot + ".marker"));
          }
          long vouched = Math.max(vouched(files, "a"), vouched(files, "b"));
          long batch =
              mixtures++ % 10 == 0
                  ? history.assertRecovers(random, files)
                  : history.assertStarts(files);
          assertThat(batch).isEqualTo(vouched);
          found.add(batch);
          delete(files);
        }
      }
    }
    System.out.println(mixtures + " mixtures, found at batches " + found);
    // How many depends on how many files were equal, byte for byte, at two steps.
    assertThat(mixtures).isGreaterThan(100);
    assertThat(found).hasSizeGreaterThan(5).contains(0L, (long) history.size());
  }

  /// Two lives with checkpoints, every file kept after every step.
  private void collect(SplittableRandom random) throws IOException {
    Path live = directory.resolve("live");
    int[] writing = new int[1];
    CheckpointSteps steps =
        step -> {
          if (step != Step.WRITING || ++writing[0] % 3 == 1) {
            keep(live);
          }
        };
    for (int life = 0; life < 2; life++) {
      try (MapDbIndex index = IndexHistory.open(live, steps)) {
        for (int checkpoint = 0; checkpoint < 5; checkpoint++) {
          history.write(random, index, 4, 100);
          index.checkpoint();
        }
      }
    }
    keep(live);
  }

  private Map<String, byte[]> all(String name) {
    return contents.computeIfAbsent(name, ignored -> new LinkedHashMap<>());
  }

  private void keep(Path live) {
    try {
      for (String name : NAMES) {
        Path file = live.resolve(name);
        if (Files.exists(file)) {
          byte[] bytes = Files.readAllBytes(file);
          all(name).putIfAbsent(sha256(bytes), bytes);
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<byte[]> choices(SplittableRandom random, String name) {
    List<byte[]> choices = new ArrayList<>(all(name).values());
    choices.add(new byte[0]); // stands for a missing one
    byte[] garbage = new byte[name.endsWith(".marker") ? MapDbMarker.BYTES : 1 << 20];
    random.nextBytes(garbage);
    choices.add(garbage);
    return choices;
  }

  private byte[] any(SplittableRandom random, String name) {
    List<byte[]> choices = choices(random, name);
    return choices.get(random.nextInt(choices.size()));
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    if (bytes.length > 0) {
      Files.write(file, bytes);
    }
  }

  /// Up to which batch a slot's marker vouches for the bytes that lie beside it; 0 where it does
  /// not.
  private static long vouched(Path files, String slot) {
    try {
      MapDbMarker marker = MapDbMarker.read(files.resolve(slot + ".marker"), MapDbIndexTest.STORE);
      marker.verify(files.resolve(slot + ".mapdb"));
      return marker.state().batch();
    } catch (IOException e) {
      return 0;
    }
  }

  private static void delete(Path files) throws IOException {
    try (var all = Files.list(files)) {
      for (Path file : all.toList()) {
        Files.delete(file);
      }
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of()
          .formatHex(java.security.MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
