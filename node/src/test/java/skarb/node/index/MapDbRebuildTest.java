package skarb.node.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skarb.node.disk.CorruptFileException;

class MapDbRebuildTest extends IndexContract {
  private static final int FAN_IN = 3;

  @TempDir Path directory;

  private final IndexHistory history = new IndexHistory();

  @Override
  MapDbRebuild open() throws IOException {
    return open(directory.resolve("index"));
  }

  private static MapDbRebuild open(Path folder) throws IOException {
    return MapDbRebuild.begin(
        folder, MapDbIndexTest.STORE, Thread.ofVirtual().factory(), MapDbIndexTest.SMALL, FAN_IN);
  }

  /// A rebuild is of one thread.
  @Override
  void readersSeeEachRowWholeWhileBatchesAreApplied() {}

  @Test
  void theFinishedIndexHasTheSameRowsAndDigest() throws Exception {
    SplittableRandom random = Seed.random("theFinishedIndexHasTheSameRowsAndDigest");
    Path folder = directory.resolve("index");
    List<Long> progress = new ArrayList<>();
    MapDbRebuild rebuild = open(folder);
    history.write(random, rebuild, 200, 300);
    assertThat(rebuild.runs()).isBetween(2, 3 * FAN_IN);
    try (Index index = rebuild.finish((rows, all) -> progress.add(rows))) {
      assertThat(index).isInstanceOf(MapDbIndex.class);
      history.assertIsWhole(index);
      assertThat(index.checkpointBatch()).isEqualTo(history.size());
      assertThat(names(folder)).containsExactly("a.mapdb", "a.marker");
    }
    history.assertRecovers(random, folder);
  }

  @Test
  void memoryHoldsOneMemtableHoweverManyRowsThereAre() throws Exception {
    SplittableRandom random = Seed.random("memoryHoldsOneMemtableHoweverManyRowsThereAre");
    try (MapDbRebuild rebuild = open()) {
      for (int batch = 1; batch <= 400; batch++) {
        RowChanges changes = new RowChanges(rebuild);
        for (int i = 0; i < 50; i++) {
          byte[] key = new byte[10];
          random.nextBytes(key);
          key[0] = 1;
          changes.put(new RowKey(key), new byte[100]);
        }
        rebuild.apply(batch, changes);
        assertThat(rebuild.memtableBytes()).isLessThan(MapDbIndexTest.SMALL.memtableBudgetBytes());
        assertThat(rebuild.runs()).isLessThan(5 * FAN_IN); // 5,400,000 bytes, 90 memtables
      }
      assertThat(rebuild.rowCount()).isEqualTo(20_000);
    }
    assertThat(names(directory.resolve("index"))).isEmpty();
  }

  @Test
  void aCrashAtAnyMomentOfARebuildBeginsItAgain() throws Exception {
    SplittableRandom random = Seed.random("aCrashAtAnyMomentOfARebuildBeginsItAgain");
    Path live = directory.resolve("live");
    List<Path> images = new ArrayList<>();
    MapDbRebuild rebuild = open(live);
    for (int i = 0; i < 12; i++) {
      history.write(random, rebuild, 8, 300);
      images.add(copy(live));
    }
    rebuild.finish((rows, all) -> images.add(copy(live))).close();
    images.add(copy(live));
    Path withLeftRun = copy(live);
    Files.write(withLeftRun.resolve("000007.run"), new byte[100]);
    images.add(withLeftRun);

    int complete = 0;
    for (Path image : images) {
      long found;
      try (MapDbIndex index =
          MapDbIndex.open(
              image, MapDbIndexTest.STORE, Thread.ofVirtual().factory(), MapDbIndexTest.SMALL)) {
        found = index.appliedBatch();
        assertThat(names(image)).noneMatch(name -> name.endsWith(".run"));
      }
      assertThat(found).isIn(0L, (long) history.size());
      complete += found > 0 ? 1 : 0;
      MapDbRebuild again = open(image);
      history.replayAll(again);
      try (Index index = again.finish((rows, all) -> {})) {
        history.assertIsWhole(index);
      }
    }
    assertThat(complete).isEqualTo(2);
  }

  @Test
  void aRunThatDecaysIsNoticedAndNoIndexComesOfIt() throws Exception {
    SplittableRandom random = Seed.random("aRunThatDecaysIsNoticedAndNoIndexComesOfIt");
    Path folder = directory.resolve("index");
    MapDbRebuild rebuild = open(folder);
    history.write(random, rebuild, 100, 300);
    Path run = folder.resolve(names(folder).getFirst());
    try (FileChannel channel = FileChannel.open(run, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5}), channel.size() / 2);
    }
    assertThatThrownBy(() -> rebuild.finish((rows, all) -> {}))
        .isInstanceOf(CorruptFileException.class);
    assertThat(names(folder)).containsExactly("a.mapdb"); // without a marker it says nothing
  }

  @Test
  void nothingAppliedMakesAnEmptyIndex() throws Exception {
    try (Index index = open().finish((rows, all) -> {})) {
      assertThat(index.appliedBatch()).isZero();
      assertThat(index.rowCount()).isZero();
    }
  }

  private Path copy(Path live) {
    try (Stream<Path> all = Files.list(live)) {
      Path files = Files.createTempDirectory(directory, "image");
      for (Path file : all.toList()) {
        Files.copy(file, files.resolve(file.getFileName()));
      }
      return files;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
