package skarb.node.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static skarb.node.segment.SegmentFixture.content;
import static skarb.node.segment.SegmentFixture.id;
import static skarb.node.segment.SegmentFixture.put;
import static skarb.node.segment.SegmentFixture.read;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skarb.node.disk.DiskSpaceGuard;
import skarb.node.model.Seams;
import skarb.testkit.schedule.SeededScheduler;
import skarb.testkit.seed.Seeds;

class ChunkStoreThreadsTest {
  private static final ChunkStoreConfig TWO_LANES =
      new ChunkStoreConfig(2, 20_000, 1000, Duration.ofMinutes(10), 4);

  @Test
  void manyWhoBringTheSameChunksWriteEachOnceInEveryOrderOfEvents() {
    Seeds.forEach(
        30,
        (seed, random) -> {
          SegmentFixture fixture = new SegmentFixture(TWO_LANES);
          try (SeededScheduler scheduler = new SeededScheduler(seed)) {
            Seams seams =
                new Seams(
                    scheduler.time(),
                    scheduler.time()::nanoTime,
                    scheduler.threads("node"),
                    scheduler.newTimer(),
                    new SplittableRandom(seed));
            fixture.disk.beforeEach(operation -> scheduler.pause());
            scheduler.run(() -> {
              ChunkStore store = fixture.open(seams);
              List<CompletableFuture<Void>> all = new ArrayList<>();
              for (int caller = 0; caller < 12; caller++) {
                int shift = caller;
                all.add(
                    CompletableFuture.runAsync(() -> bring(store, shift), scheduler.executor()));
              }
              all.forEach(CompletableFuture::join);
              assertThat(store.chunks()).isEqualTo(20);
            });
            fixture.disk.crashLosingUnforced(); // all were forced by somebody
          }
          try (ChunkStore store = fixture.open()) {
            assertThat(store.findings()).isEmpty();
            long chunkBytes = 0;
            for (int i = 0; i < 20; i++) {
              assertThat(read(store, chunk(i))).isEqualTo(chunk(i));
              chunkBytes += 64 + chunk(i).length;
            }
            // each once: beside the records there are headers and footers only
            assertThat(store.bytes()).isBetween(chunkBytes, chunkBytes + 4 * 1000);
          }
        });
  }

  private static void bring(ChunkStore store, int shift) {
    for (int i = 0; i < 20; i++) {
      byte[] chunk = chunk((i + shift) % 20);
      try (Pin pin = put(store, chunk)) {
        assertThat(store.condemn(id(chunk))).isFalse();
        store.force(List.of(pin));
        assertThat(read(store, chunk)).isEqualTo(chunk);
      }
    }
  }

  private static byte[] chunk(int number) {
    return content(number, 300 + 100 * number);
  }

  @TempDir Path directory;

  @Test
  void realThreadsOnARealDiskSomeOfThemInterrupted() throws Exception {
    int callers = 40;
    int chunks = 60;
    try (ChunkStore store = openReal();
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int caller = 0; caller < callers; caller++) {
        int number = caller;
        all.add(executor.submit(() -> bringReal(store, number, chunks)));
      }
      for (Future<?> one : all) {
        one.get();
      }
      assertThat(store.failure()).isEmpty();
      assertThat(store.chunks()).isEqualTo(chunks);
    }
    try (ChunkStore store = openReal()) {
      assertThat(store.findings()).isEmpty();
      assertThat(store.chunks()).isEqualTo(chunks);
      for (int i = 0; i < chunks; i++) {
        assertThat(read(store, content(i, 20_000))).isEqualTo(content(i, 20_000));
      }
    }
  }

  private static void bringReal(ChunkStore store, int caller, int chunks) {
    Random random = new Random(caller);
    for (int i = 0; i < chunks; i++) {
      if (caller % 4 == 0) {
        Thread.currentThread().interrupt(); // as a cancelled call does
      }
      byte[] chunk = content((i + 7 * caller) % chunks, 20_000);
      try (Pin pin = put(store, chunk)) {
        store.force(List.of(pin));
        boolean interrupted = Thread.interrupted();
        assertThat(interrupted).isEqualTo(caller % 4 == 0);
        int from = random.nextInt(chunk.length);
        assertThat(read(store, id(chunk), from, 1)).containsExactly(chunk[from]);
      }
    }
  }

  private ChunkStore openReal() throws IOException {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(1, Thread.ofVirtual().factory());
    Seams seams =
        new Seams(
            InstantSource.system(),
            System::nanoTime,
            Thread.ofVirtual().factory(),
            timer,
            new SplittableRandom(1));
    ChunkStoreConfig config = new ChunkStoreConfig(2, 200_000, 1000, Duration.ofMinutes(10), 2);
    return ChunkStore.open(
        seams,
        config,
        SegmentFixture.STORE,
        directory.resolve("segments"),
        number -> directory.resolve("journal-" + number),
        new DiskSpaceGuard(directory, 0, 1 << 20, Duration.ofSeconds(1), seams.nanoTime()));
  }
}
