package skarb.node.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skarb.node.index.CheckpointSteps.Step;
import skarb.node.model.StoreId;

final class MapDbIndexTest extends IndexContract {
  static final StoreId STORE = new StoreId(1, 2);

  /// So small that checkpoints come of themselves.
  static final MapDbConfig SMALL = new MapDbConfig(60_000, 20_000, 1 << 20);

  /// Checkpoints come on request alone.
  static final MapDbConfig LARGE = new MapDbConfig(60_000_000, 20_000_000, 1 << 20);

  @TempDir Path directory;

  @Override
  MapDbIndex open() throws IOException {
    return MapDbIndex.open(directory, STORE, Thread.ofVirtual().factory(), SMALL);
  }

  @Override
  void disturb(Index index, SplittableRandom random) {
    if (random.nextBoolean()) {
      ((MapDbIndex) index).checkpoint();
    }
  }

  @Test
  void comesBackAtTheLastCheckpointWithoutTheRowsAfterIt() throws IOException {
    StateDigest digest;
    try (MapDbIndex index = open()) {
      put(index, 1, 2);
      put(index, 3);
      index.checkpoint();
      digest = index.digest();
      assertThat(index.checkpointBatch()).isEqualTo(2);
      put(index, 4);
    }
    try (MapDbIndex index = open()) {
      assertThat(index.appliedBatch()).isEqualTo(2);
      assertThat(index.checkpointBatch()).isEqualTo(2);
      assertThat(index.rowCount()).isEqualTo(3);
      assertThat(index.digest()).isEqualTo(digest);
      assertThat(index.get(key(3))).isNotNull();
      assertThat(index.get(key(4))).isNull();
      index.verify();
      put(index, 4);
      index.checkpoint();
    }
    try (MapDbIndex index = open()) {
      assertThat(index.appliedBatch()).isEqualTo(3);
      assertThat(index.get(key(4))).isNotNull();
    }
  }

  @Test
  void aCheckpointHoldsBatchesThatChangedNothing() throws IOException {
    try (MapDbIndex index = open()) {
      index.apply(1, new RowChanges(index));
      index.checkpoint();
      assertThat(index.checkpointBatch()).isEqualTo(1);
      index.checkpoint();
    }
    try (MapDbIndex index = open()) {
      assertThat(index.appliedBatch()).isEqualTo(1);
    }
  }

  @Test
  void manyRestartsAndCheckpointsBehaveAsASortedMap() throws IOException {
    SplittableRandom random = Seed.random("manyRestartsAndCheckpointsBehaveAsASortedMap");
    NavigableMap<RowKey, byte[]> model = new TreeMap<>();
    for (int life = 0; life < 15; life++) {
      try (MapDbIndex index = open()) {
        compare(random, index, model);
        int batches = random.nextInt(40);
        for (int i = 0; i < batches; i++) {
          change(random, index, model);
          if (random.nextInt(8) == 0) {
            index.checkpoint();
          }
          compare(random, index, model);
        }
        index.checkpoint();
        index.verify();
      }
    }
  }

  @Test
  void applyingWaitsWhileTheBudgetIsUsedUp() throws Exception {
    CountDownLatch mayWrite = new CountDownLatch(1);
    CountDownLatch writing = new CountDownLatch(1);
    CheckpointSteps steps =
        step -> {
          if (step == Step.UNMARKED) {
            writing.countDown();
            awaitQuietly(mayWrite);
          }
        };
    try (MapDbIndex index =
        MapDbIndex.open(directory, STORE, Thread.ofVirtual().factory(), SMALL, steps)) {
      AtomicBoolean done = new AtomicBoolean();
      Thread writer =
          Thread.ofVirtual()
              .start(() -> {
                for (int batch = 1; batch <= 2_000; batch++) {
                  RowChanges changes = new RowChanges(index);
                  changes.put(
                      new RowKey(new byte[] {1, (byte) (batch >> 8), (byte) batch}), new byte[200]);
                  index.apply(batch, changes);
                }
                done.set(true);
              });
      writing.await();
      while (writer.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
      long stuckAt = index.appliedBatch();
      assertThat(done).isFalse();
      assertThat(index.memtableBytesInUse()).isBetween(60_000L, 61_000L);
      assertThat(index.rowCount()).isEqualTo(stuckAt);
      assertThat(index.scan(LOWEST, HIGHEST, 5_000)).hasSize((int) stuckAt); // reads go on
      mayWrite.countDown();
      writer.join();
      assertThat(done).isTrue();
      assertThat(index.rowCount()).isEqualTo(2_000);
      assertThat(index.memtableBytesInUse()).isLessThan(61_000);
    }
  }

  @Test
  void rowsThatAreReadAgainAndAgainFollowEveryChange() throws IOException {
    try (MapDbIndex index = open()) {
      for (int round = 0; round < 4; round++) {
        put(index, 1, 2, 3);
        index.checkpoint();
        for (int again = 0; again < 3; again++) {
          assertThat(index.get(key(2))).isEqualTo(index.scan(key(2), key(3), 1).getFirst().value());
          assertThat(index.scan(key(1), key(9), 2)).hasSize(2);
          assertThat(index.scan(key(2), key(9), 5)).hasSize(2);
          assertThat(index.get(key(7))).isNull();
        }
        fill(index, 10, round);
        RowChanges changes = new RowChanges(index);
        changes.put(key(2), new byte[] {(byte) round});
        changes.remove(key(1));
        index.apply(index.appliedBatch() + 1, changes);
        for (int again = 0; again < 2; again++) {
          assertThat(index.get(key(1))).isNull();
          assertThat(index.get(key(2))).containsExactly(round);
          assertThat(index.scan(key(2), key(9), 1).getFirst().value()).containsExactly(round);
          index.checkpoint();
        }
      }
    }
  }

  @Test
  void aShortScanOverManyRemovedRowsGoesOnBehindThem() throws IOException {
    try (MapDbIndex index = open()) {
      for (int i = 0; i < 100; i++) {
        put(index, i);
      }
      index.checkpoint();
      RowChanges changes = new RowChanges(index);
      for (int i = 10; i < 60; i++) {
        changes.remove(key(i));
      }
      index.apply(index.appliedBatch() + 1, changes);
      for (int again = 0; again < 2; again++) {
        assertThat(index.scan(key(8), key(120), 4).stream().map(row -> row.key()))
            .containsExactly(key(8), key(9), key(60), key(61));
        assertThat(index.scan(key(20), key(59), 4)).isEmpty();
      }
    }
  }

  @Test
  void aFailedCheckpointEndsApplyingButNotReading() throws Exception {
    CheckpointSteps steps =
        step -> {
          if (step == Step.FORCED) {
            throw new IllegalStateException("no more");
          }
        };
    try (MapDbIndex index =
        MapDbIndex.open(directory, STORE, Thread.ofVirtual().factory(), LARGE, steps)) {
      put(index, 1);
      index.mustTakeBatches();
      assertThatThrownBy(index::checkpoint).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(index::mustTakeBatches).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> put(index, 2)).isInstanceOf(IllegalStateException.class);
      assertThat(index.get(key(1))).isNotNull();
    }
    try (MapDbIndex index = open()) {
      assertThat(index.appliedBatch()).isZero();
    }
  }

  @Test
  void closingGivesUpACheckpointAndLeavesTheOtherFile() throws Exception {
    CountDownLatch writing = new CountDownLatch(2);
    CountDownLatch closing = new CountDownLatch(1);
    CheckpointSteps steps =
        step -> {
          if (step == Step.UNMARKED) {
            writing.countDown();
            if (writing.getCount() == 0) {
              awaitQuietly(closing);
            }
          }
        };
    MapDbIndex index =
        MapDbIndex.open(directory, STORE, Thread.ofVirtual().factory(), LARGE, steps);
    fill(index, 1_000, 0);
    index.checkpoint();
    fill(index, 1_000, 1);
    Thread request =
        Thread.ofVirtual()
            .start(() ->
                assertThatThrownBy(index::checkpoint).isInstanceOf(IllegalStateException.class));
    writing.await();
    Thread closer = Thread.ofVirtual().start(() -> closeQuietly(index));
    request.join(); // it has noticed that the index is closing
    closing.countDown();
    closer.join();

    assertThatThrownBy(() -> index.get(key(1))).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> put(index, 1)).isInstanceOf(IllegalStateException.class);
    try (MapDbIndex again = open()) {
      assertThat(again.appliedBatch()).isEqualTo(1);
      assertThat(again.rowCount()).isEqualTo(1_000);
      again.verify();
    }
  }

  @Test
  void aFileThatHasGrownTooFarIsMadeAnew() throws Exception {
    MapDbConfig config = new MapDbConfig(60_000_000, 20_000_000, 3 << 20);
    SplittableRandom random = Seed.random("aFileThatHasGrownTooFarIsMadeAnew");
    long greatest = 0;
    boolean shrank = false;
    try (MapDbIndex index =
        MapDbIndex.open(directory, STORE, Thread.ofVirtual().factory(), config)) {
      long before = 0;
      for (int round = 0; round < 16; round++) {
        for (int i = 0; i < 4; i++) {
          RowChanges changes = new RowChanges(index);
          for (int row = 0; row < 2_000; row++) {
            byte[] key = new byte[4];
            random.nextBytes(key);
            key[0] = 1;
            key[1] &= 1;
            key[3] &= 0x1f;
            byte[] value = new byte[random.nextInt(500)];
            random.nextBytes(value);
            changes.put(new RowKey(key), value);
          }
          index.apply(index.appliedBatch() + 1, changes);
        }
        index.checkpoint();
        long size = Files.size(directory.resolve(round % 2 == 0 ? "a.mapdb" : "b.mapdb"));
        greatest = Math.max(greatest, size);
        shrank |= size < before;
        before = size;
      }
      index.verify();
      assertThat(index.rowCount()).isBetween(15_000L, 17_000L);
    }
    assertThat(shrank).isTrue();
    assertThat(greatest).isLessThan(40 << 20);
  }

  @Test
  void aFileWhosePagesCannotBeReadWhileItIsChangedIsMadeAnew() throws Exception {
    MapDbConfig config = new MapDbConfig(60_000_000, 20_000_000, 3 << 20); // not too far grown
    for (Error error : new Error[] {new InternalError("a page"), new IllegalAccessError("gone")}) {
      Path folder = Files.createDirectory(directory.resolve(error.getClass().getSimpleName()));
      AtomicBoolean armed = new AtomicBoolean();
      CheckpointSteps steps =
          step -> {
            if (step == Step.WRITING && armed.compareAndSet(true, false)) {
              throw error; // as the JVM does for a mapped page, amid a change
            }
          };
      try (MapDbIndex index =
          MapDbIndex.open(folder, STORE, Thread.ofVirtual().factory(), config, steps)) {
        fill(index, 1_000, 0);
        index.checkpoint();
        fill(index, 1_000, 1);
        index.checkpoint(); // both files are there from here on: the next one is changed
        fill(index, 1_000, 2);
        armed.set(true);
        index.checkpoint();

        assertThat(armed).isFalse();
        index.mustTakeBatches();
        assertThat(index.checkpointBatch()).isEqualTo(3);
        index.verify();
      }
      try (MapDbIndex index =
          MapDbIndex.open(folder, STORE, Thread.ofVirtual().factory(), config)) {
        assertThat(index.appliedBatch()).isEqualTo(3);
        assertThat(index.rowCount()).isEqualTo(1_000);
      }
    }
  }

  @Test
  void closedFilesAreNoLongerMapped() throws Exception {
    try (MapDbIndex index = open()) {
      for (int i = 0; i < 6; i++) {
        fill(index, 300, i);
        index.checkpoint();
      }
      await().untilAsserted(() -> assertThat(mappings()).isEqualTo(1));
    }
    await().untilAsserted(() -> assertThat(mappings()).isZero());
  }

  /// The system tells of mappings line by line while other threads change theirs, and may tell of
  /// one twice: hence distinct lines, and another look.

  private long mappings() throws IOException {
    Path maps = Path.of("/proc/self/maps");
    if (!Files.exists(maps)) {
      return 0; // nothing to be seen on this system
    }
    try (var lines = Files.lines(maps)) {
      return lines.filter(line -> line.contains(directory.toString())).distinct().count();
    }
  }

  static void fill(Index index, int rows, int value) {
    RowChanges changes = new RowChanges(index);
    for (int i = 0; i < rows; i++) {
      byte[] bytes = new byte[50];
      java.util.Arrays.fill(bytes, (byte) value);
      changes.put(new RowKey(new byte[] {1, (byte) (i >> 8), (byte) i}), bytes);
    }
    index.apply(index.appliedBatch() + 1, changes);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void closeQuietly(MapDbIndex index) {
    try {
      index.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
