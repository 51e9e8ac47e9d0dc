package skarb.node.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static skarb.node.segment.SegmentFixture.content;
import static skarb.node.segment.SegmentFixture.put;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import skarb.node.model.Seams;
import skarb.testkit.disk.DiskOperation;
import skarb.testkit.schedule.SeededScheduler;
import skarb.testkit.seed.Seeds;

/// Several open segments, and forces that are shared.
class SegmentLanesTest {
  private static final ChunkStoreConfig TWO =
      new ChunkStoreConfig(2, 1 << 20, 1000, Duration.ofMinutes(1), 4);

  @Test
  void aWriteThatHangsHoldsUpItsOwnSegmentOnlyAndForcesRunAtOnce() throws Exception {
    SegmentFixture fixture = new SegmentFixture(TWO);
    try (ChunkStore store = fixture.open();
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      CountDownLatch slow = new CountDownLatch(1);
      CountDownLatch begun = new CountDownLatch(1);
      fixture.disk.beforeEach(operation -> {
        if (operation.kind() == DiskOperation.Kind.WRITE
            && operation.path().equals(fixture.segment(1))
            && operation.from() > 0) {
          begun.countDown();
          await(slow);
        }
      });
      Future<Pin> first = callers.submit(() -> put(store, content(1, 100)));
      begun.await();

      Pin second = put(store, content(2, 100)); // while the first hangs in its write
      Pin third = put(store, content(3, 100));

      assertThat(first.isDone()).isFalse();
      assertThat(second.segment()).isEqualTo(2);
      assertThat(third.segment()).isEqualTo(2);
      slow.countDown();
      List<Pin> pins = List.of(first.get(), second);
      CyclicBarrier both = new CyclicBarrier(2);
      fixture.disk.beforeEach(operation -> {
        if (operation.kind() == DiskOperation.Kind.FORCE) {
          await(both); // only passed if the two forces are under way at the same time
        }
      });
      store.force(pins);
      fixture.disk.beforeEach(operation -> {});
    }
  }

  @Test
  void uploadsThatWaitAtOnceShareForcesInEveryOrderOfEvents() {
    int uploads = 32;
    Seeds.forEach(
        20,
        (seed, random) -> {
          SegmentFixture fixture = new SegmentFixture(TWO);
          try (SeededScheduler scheduler = new SeededScheduler(seed)) {
            Seams seams =
                new Seams(
                    scheduler.time(),
                    scheduler.time()::nanoTime,
                    scheduler.threads("node"),
                    scheduler.newTimer(),
                    new SplittableRandom(seed));
            fixture.disk.beforeEach(operation -> {
              if (operation.kind() == DiskOperation.Kind.FORCE) {
                for (int i = 0; i < 200; i++) {
                  scheduler.pause(); // as slow as a disk
                }
              }
            });
            scheduler.run(() -> {
              ChunkStore store = fixture.open(seams);
              long before = fixture.disk.counters().forces();
              List<CompletableFuture<Void>> all = new ArrayList<>();
              for (int i = 0; i < uploads; i++) {
                byte[] chunk = content(i, 100);
                all.add(
                    CompletableFuture.runAsync(
                        () -> {
                          try (Pin pin = put(store, chunk)) {
                            store.force(List.of(pin));
                          }
                        },
                        scheduler.executor()));
              }
              all.forEach(CompletableFuture::join);
              // Two segments were made, each forced with its directory; the rest is for 32 uploads.
              assertThat(fixture.disk.counters().forces() - before).isLessThan(4 + uploads / 2);
              assertThat(fixture.disk.isDurable(fixture.segment(1))).isTrue();
              assertThat(fixture.disk.isDurable(fixture.segment(2))).isTrue();
            });
          }
        });
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
