package skarb.node.index;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import skarb.node.index.CheckpointSteps.Step;

/// A checkpoint that takes for ever, at any of its steps, keeps nobody waiting: not reads, and
/// writes only at the bound of the memtables. Nothing here looks at a clock: what would have waited
/// for the checkpoint would wait for ever, and the time limit says so.
@Timeout(120)
class MapDbCheckpointLoadTest {
  /// A checkpoint has more rows than the writer writes between two pauses.
  private static final MapDbConfig SMALL = new MapDbConfig(200_000, 60_000, 1 << 20);

  private static final int ROW_BYTES = 20;

  @TempDir Path directory;

  /// Holds the checkpoint's thread at a step, once armed, until released.
  private static final class Brake implements CheckpointSteps {
    private final Step at;
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private volatile boolean armed;

    Brake(Step at) {
      this.at = at;
    }

    @Override
    public void done(Step step) {
      if (armed && step == at) {
        armed = false;
        reached.countDown();
        try {
          released.await();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
    }
  }

  @Test
  void aCheckpointHeldAtAnyStepStopsNoReadAndNoWriteBelowTheBound() throws Exception {
    for (Step step : Step.values()) {
      Brake brake = new Brake(step);
      try (MapDbIndex index = open(step.name(), brake)) {
        apply(index, 1, 50);
        index.checkpoint();
        apply(index, 51, 60);
        index.checkpoint(); // both files are there
        brake.armed = true;
        long last = applyUntilDue(index);
        brake.reached.await();
        long room = (SMALL.memtableBudgetBytes() - index.memtableBytesInUse()) / 2;
        long inUse = index.memtableBytesInUse();
        while (index.memtableBytesInUse() - inUse < room) {
          apply(index, ++last, last);
          assertThat(index.get(key(last))).isNotNull();
        }
        assertThat(index.scan(IndexContract.LOWEST, IndexContract.HIGHEST, 10_000))
            .as("while held after %s", step)
            .hasSize((int) last);
        brake.released.countDown();
        index.checkpoint();
        assertThat(index.checkpointBatch()).isEqualTo(last);
        index.verify();
      }
    }
  }

  @Test
  void atTheBoundWritesWaitForTheCheckpointAlone() throws Exception {
    for (Step step : List.of(Step.FROZEN, Step.WRITING, Step.FORCED, Step.MARKED)) {
      Brake brake = new Brake(step);
      try (MapDbIndex index = open(step.name(), brake)) {
        brake.armed = true;
        AtomicBoolean done = new AtomicBoolean();
        Thread writer =
            Thread.ofVirtual()
                .start(() -> {
                  apply(index, 1, 2_000);
                  done.set(true);
                });
        brake.reached.await();
        while (writer.getState() != Thread.State.WAITING) {
          Thread.onSpinWait();
        }
        long stuckAt = index.appliedBatch();
        assertThat(done).isFalse();
        assertThat(index.memtableBytesInUse())
            .isBetween(SMALL.memtableBudgetBytes(), SMALL.memtableBudgetBytes() + 1_000);
        assertThat(index.scan(IndexContract.LOWEST, IndexContract.HIGHEST, 10_000))
            .hasSize((int) stuckAt);
        brake.released.countDown();
        writer.join();
        assertThat(done).isTrue();
        assertThat(index.rowCount()).isEqualTo(2_000);
        assertThat(index.memtableBytesInUse()).isLessThan(SMALL.memtableBudgetBytes() + 1_000);
      }
    }
  }

  @Test
  void aScanInStepsHoldsNothingBetweenThemAndSeesEveryRowOnce() throws Exception {
    AtomicLong retired = new AtomicLong();
    CheckpointSteps steps =
        step -> {
          if (step == Step.RETIRED) {
            retired.incrementAndGet();
          }
        };
    try (MapDbIndex index =
        MapDbIndex.open(
            directory, MapDbIndexTest.STORE, Thread.ofVirtual().factory(), SMALL, steps)) {
      long rows = 1_000;
      apply(index, 1, rows);
      index.checkpoint();
      List<RowKey> seen = new ArrayList<>();
      RowKey next = IndexContract.LOWEST;
      long before = retired.get();
      int scans = 0;
      while (true) {
        List<IndexView.RowEntry> step = index.scan(next, IndexContract.HIGHEST, 50);
        scans++;
        step.forEach(row -> seen.add(row.key()));
        // Each checkpoint waits until nobody holds the file before it: a scan that did between its
        // steps would hang here.
        apply(index, rows + scans, rows + scans);
        index.checkpoint();
        if (step.size() < 50) {
          break;
        }
        next = IndexKeys.after(step.getLast().key());
      }
      assertThat(retired.get() - before).isGreaterThanOrEqualTo(scans);
      assertThat(seen).isSorted().doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo((int) rows);
    }
  }

  @Test
  void pagesOfAListingGoOnAcrossCheckpoints() throws Exception {
    SmallPuts small = new SmallPuts(1);
    try (MapDbIndex index = open("listing", CheckpointSteps.NONE)) {
      RowChanges changes = new RowChanges(index);
      Join.join(changes, small.bucketCreated());
      for (int i = 0; i < 700; i++) {
        Join.join(changes, small.put(i));
      }
      index.apply(1, changes);
      IndexView switching =
          new IndexView() {
            private long number = 700;

            @Override
            public byte @Nullable [] get(RowKey key) {
              return index.get(key);
            }

            @Override
            public @Nullable RowEntry seek(RowKey from, RowKey to) {
              return index.seek(from, to);
            }

            @Override
            public List<RowEntry> scan(RowKey from, RowKey to, int limit) {
              List<RowEntry> rows = index.scan(from, to, limit);
              RowChanges more = new RowChanges(index);
              Join.join(more, small.put(number++));
              index.apply(index.appliedBatch() + 1, more);
              index.checkpoint();
              return rows;
            }
          };
      List<ByteString> names = new ArrayList<>();
      ByteString after = ByteString.EMPTY;
      while (true) {
        ListPage page =
            Listing.page(
                switching,
                new Listing.Request(
                    small.bucket(), ByteString.EMPTY, ByteString.EMPTY, after, 100));
        page.entries().forEach(entry -> names.add(entry.name()));
        if (page.next().isEmpty()) {
          break;
        }
        after = page.next().get();
      }
      assertThat(names)
          .doesNotHaveDuplicates()
          .isSortedAccordingTo(ByteString.unsignedLexicographicalComparator());
      for (int i = 0; i < 700; i++) {
        assertThat(names).contains(SmallPuts.key(i));
      }
    }
  }

  private MapDbIndex open(String name, CheckpointSteps steps) throws Exception {
    Path folder = Files.createDirectory(directory.resolve(name + steps.hashCode()));
    return MapDbIndex.open(
        folder, MapDbIndexTest.STORE, Thread.ofVirtual().factory(), SMALL, steps);
  }

  /// Applies batches of one row each.
  private static void apply(Index index, long first, long last) {
    for (long batch = first; batch <= last; batch++) {
      RowChanges changes = new RowChanges(index);
      changes.put(key(batch), new byte[ROW_BYTES]);
      index.apply(batch, changes);
    }
  }

  /// Applies until a checkpoint starts by itself.
  private static long applyUntilDue(MapDbIndex index) {
    long batch = index.appliedBatch();
    for (long bytes = 0; bytes < SMALL.checkpointBytes(); bytes += ROW_BYTES + 160) {
      batch++;
      apply(index, batch, batch);
    }
    return batch;
  }

  private static RowKey key(long number) {
    return new RowKey(new byte[] {1, (byte) (number >> 8), (byte) number});
  }
}
