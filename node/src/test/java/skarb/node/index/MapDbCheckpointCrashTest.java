package skarb.node.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skarb.node.index.CheckpointSteps.Step;
import skarb.node.model.StoreId;

/// What a crash or a decaying disk may leave of the files, at every step of a checkpoint: opening
/// finds rows that are right up to some batch, or none, and replaying the batches after it gives
/// the rows and the digest of an index that never crashed.
class MapDbCheckpointCrashTest {
  private static final StoreId STORE = MapDbIndexTest.STORE;

  @TempDir Path directory;

  private final IndexHistory history = new IndexHistory();

  @Test
  void aKillAtAnyStepLosesNothing() throws Exception {
    SplittableRandom random = Seed.random("aKillAtAnyStepLosesNothing");
    List<Image> images = new ArrayList<>();
    Map<Step, Integer> seen = new EnumMap<>(Step.class);
    Path live = directory.resolve("live");
    CheckpointSteps steps =
        step -> {
          int before = seen.merge(step, 1, Integer::sum);
          if (step != Step.WRITING || before % 9 == 1) {
            images.add(copy(live, step));
          }
        };
    try (MapDbIndex index = IndexHistory.open(live, steps)) {
      for (int checkpoint = 0; checkpoint < 6; checkpoint++) {
        history.write(random, index, 8, 300);
        index.checkpoint();
      }
    }
    // A second life: the file that is not used has to be made again from the other.
    try (MapDbIndex index = IndexHistory.open(live, steps)) {
      assertThat(index.appliedBatch()).isEqualTo(history.size());
      for (int checkpoint = 0; checkpoint < 3; checkpoint++) {
        history.write(random, index, 8, 300);
        index.checkpoint();
      }
    }

    assertThat(seen).containsOnlyKeys(Step.values());
    assertThat(images).hasSizeGreaterThan(80);
    for (Image image : images) {
      long batch = history.assertRecovers(random, image.files);
      // A checkpoint that was marked is used, and one that was not marked never costs the other.
      assertThat(batch).as("after %s", image.step).isGreaterThanOrEqualTo(image.marked);
    }
  }

  @Test
  void aPowerCutThatTurnsTheUnmarkedFileIntoGarbageLosesNothing() throws Exception {
    SplittableRandom random =
        Seed.random("aPowerCutThatTurnsTheUnmarkedFileIntoGarbageLosesNothing");
    List<Image> images = new ArrayList<>();
    Path live = directory.resolve("live");
    int[] count = new int[1];
    CheckpointSteps steps =
        step -> {
          if (step != Step.WRITING || ++count[0] % 20 == 1) {
            Image image = copy(live, step);
            damageUnmarked(random, image.files);
            images.add(image);
          }
        };
    try (MapDbIndex index = IndexHistory.open(live, steps)) {
      for (int checkpoint = 0; checkpoint < 6; checkpoint++) {
        history.write(random, index, 8, 300);
        index.checkpoint();
      }
    }

    for (Image image : images) {
      assertThat(history.assertRecovers(random, image.files))
          .as("after %s", image.step)
          .isGreaterThanOrEqualTo(image.marked);
    }
  }

  @Test
  void damageAnywhereIsNoticedAndNeverBelieved() throws Exception {
    SplittableRandom random = Seed.random("damageAnywhereIsNoticedAndNeverBelieved");
    Path live = directory.resolve("live");
    try (MapDbIndex index = IndexHistory.open(live, CheckpointSteps.NONE)) {
      for (int checkpoint = 0; checkpoint < 3; checkpoint++) {
        history.write(random, index, 8, 300);
        index.checkpoint();
      }
    }
    int rebuilt = 0;
    for (int round = 0; round < 80; round++) {
      Image image = copy(live, Step.RETIRED);
      int files = 1 + random.nextInt(2);
      for (int i = 0; i < files; i++) {
        String name = random.nextBoolean() ? "a" : "b";
        damage(random, image.files.resolve(name + (random.nextInt(4) > 0 ? ".mapdb" : ".marker")));
      }
      rebuilt += history.assertRecovers(random, image.files) == 0 ? 1 : 0;
      deleteAll(image.files);
    }
    assertThat(rebuilt).isBetween(1, 79); // both kinds of end were met
  }

  @Test
  void theFilesOfAnotherStoreAreNotUsed() throws Exception {
    SplittableRandom random = Seed.random("theFilesOfAnotherStoreAreNotUsed");
    Path live = directory.resolve("live");
    try (MapDbIndex index = IndexHistory.open(live, CheckpointSteps.NONE)) {
      history.write(random, index, 8, 300);
      index.checkpoint();
    }
    try (MapDbIndex index =
        MapDbIndex.open(
            live, new StoreId(3, 4), Thread.ofVirtual().factory(), MapDbIndexTest.LARGE)) {
      assertThat(index.appliedBatch()).isZero();
      assertThat(index.rowCount()).isZero();
    }
  }

  @Test
  void damageOfTheFileInUseShowsWhenItIsVerifiedOrRead() throws Exception {
    SplittableRandom random = Seed.random("damageOfTheFileInUseShowsWhenItIsVerifiedOrRead");
    Path live = directory.resolve("live");
    try (MapDbIndex index = IndexHistory.open(live, CheckpointSteps.NONE)) {
      history.write(random, index, 20, 300);
      index.checkpoint();
      index.verify();
      Path data = live.resolve("a.mapdb");
      try (FileChannel channel = FileChannel.open(data, StandardOpenOption.WRITE)) {
        for (long at = 1 << 20; at < channel.size(); at += 512) {
          channel.write(ByteBuffer.allocate(64), at); // seen through the mapping at once
        }
      }

      assertThat(failure(index::verify)).isNotNull();
      assertThat(failure(() -> index.scan(IndexContract.LOWEST, IndexContract.HIGHEST, 10_000)))
          .isNotNull();
    }
    history.assertRecovers(random, live);
  }

  /// The files at a moment.
  ///
  /// @param step what was done last
  /// @param marked up to which batch a marker that was there vouched
  private record Image(Path files, Step step, long marked) {}

  private Image copy(Path live, Step step) {
    try {
      Path files = Files.createTempDirectory(directory, "image");
      long marked = 0;
      try (Stream<Path> all = Files.list(live)) {
        for (Path file : all.sorted().toList()) {
          Files.copy(file, files.resolve(file.getFileName()));
          if (file.toString().endsWith(".marker")) {
            marked = Math.max(marked, MapDbMarker.read(file, STORE).state().batch());
          }
        }
      }
      return new Image(files, step, marked);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void damageUnmarked(SplittableRandom random, Path files) {
    try {
      for (String name : new String[] {"a", "b"}) {
        Path data = files.resolve(name + ".mapdb");
        if (!Files.exists(files.resolve(name + ".marker")) && Files.exists(data)) {
          garble(random, data);
        }
        Path unfinished = files.resolve(name + ".marker.new");
        if (Files.exists(unfinished) && random.nextBoolean()) {
          damage(random, unfinished);
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Pages that were not forced: some as written, some zero, some garbage, the end missing.
  private static void garble(SplittableRandom random, Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (long page = 0; page < channel.size(); page += 4096) {
        byte[] bytes = new byte[4096];
        if (random.nextBoolean()) {
          random.nextBytes(bytes);
        }
        if (random.nextInt(3) > 0) {
          channel.write(ByteBuffer.wrap(bytes), page);
        }
      }
      if (random.nextBoolean()) {
        channel.truncate(random.nextLong(channel.size() + 1));
      }
    }
  }

  private static void damage(SplittableRandom random, Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long size = channel.size();
      long at = size == 0 ? 0 : random.nextLong(size);
      switch (random.nextInt(size == 0 ? 1 : 5)) {
        case 0 -> channel.write(ByteBuffer.allocate(1 + random.nextInt(5000)), size); // longer
        case 1 -> channel.truncate(at);
        case 2 -> { // one bit
          ByteBuffer one = ByteBuffer.allocate(1);
          channel.read(one, at);
          one.put(0, (byte) (one.get(0) ^ (1 << random.nextInt(8))));
          channel.write(one.flip(), at);
        }
        case 3 -> { // a sector
          byte[] sector = new byte[512];
          random.nextBytes(sector);
          channel.write(ByteBuffer.wrap(sector), at / 512 * 512);
        }
        default -> Files.delete(file);
      }
    } catch (java.nio.file.NoSuchFileException e) {
      return; // deleted by an earlier round
    }
  }

  private static void deleteAll(Path files) throws IOException {
    try (Stream<Path> all = Files.list(files)) {
      for (Path file : all.toList()) {
        Files.delete(file);
      }
    }
  }

  private interface Action {
    void run() throws Exception;
  }

  private static Exception failure(Action action) {
    try {
      action.run();
    } catch (Exception e) {
      return e;
    }
    throw new AssertionError("nothing was noticed");
  }
}
