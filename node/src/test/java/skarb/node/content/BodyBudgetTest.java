package skarb.node.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static skarb.node.content.ContentFixture.content;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import skarb.node.model.Seams;
import skarb.node.segment.ChunkStore;
import skarb.node.segment.SegmentFixture;
import skarb.testkit.schedule.SeededScheduler;
import skarb.testkit.seed.Seeds;
import skarb.v1.Checksums;

class BodyBudgetTest {
  @Test
  void bytesAreCountedInKibibytes() throws Exception {
    BodyBudget budget = new BodyBudget(10 << 10);
    assertThat(BodyBudget.cost(1)).isEqualTo(1024);
    assertThat(BodyBudget.cost(1024)).isEqualTo(1024);
    assertThat(BodyBudget.cost(1025)).isEqualTo(2048);
    budget.acquire(BodyBudget.cost(5000));
    assertThat(budget.usedBytes()).isEqualTo(5 << 10);
    assertThat(budget.tryAcquire(6 << 10)).isFalse();
    assertThat(budget.tryAcquire(5 << 10)).isTrue();
    budget.release(10 << 10);
    assertThat(budget.usedBytes()).isZero();
    assertThatThrownBy(() -> budget.acquire(11 << 10)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theUsualOneIsBoundedByTheHeap() {
    assertThat(BodyBudget.forHeap(256 << 20).mostAtOnce()).isEqualTo(32 << 20);
    assertThat(BodyBudget.forHeap(16L << 30).mostAtOnce()).isEqualTo(64 << 20);
  }

  @Test
  void whoWaitsIsServedInTurn() throws Exception {
    BodyBudget budget = new BodyBudget(4 << 10);
    budget.acquire(4 << 10);
    Semaphore served = new Semaphore(0);
    List<Thread> waiting = new ArrayList<>();
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      int number = i;
      Thread thread =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  budget.acquire(number == 0 ? 4 << 10 : 1 << 10); // the large one is first
                  order.add(number);
                  budget.release(number == 0 ? 4 << 10 : 1 << 10);
                  served.release();
                } catch (InterruptedException e) {
                  throw new AssertionError(e);
                }
              });
      Awaitility.await().until(() -> thread.getState() == Thread.State.WAITING);
      waiting.add(thread);
    }
    budget.release(1 << 10); // enough for the small ones, which wait all the same
    assertThat(served.tryAcquire()).isFalse();
    budget.release(3 << 10);
    served.acquire(3);
    for (Thread thread : waiting) {
      thread.join();
    }
    assertThat(order.getFirst()).isZero();
  }

  /// Many more uploads than the budget has room for: all end, in whatever order things happen, and
  /// none ever has more than its share of memory.
  @Test
  void uploadsThatDoNotFitTogetherAllEnd() {
    Seeds.forEach(
        15,
        (seed, random) -> {
          ContentConfig config = new ContentConfig(40_000, 1000, 50_000, 1 << 30);
          BodyBudget budget = new BodyBudget(64 << 10);
          SegmentFixture segments = new SegmentFixture();
          try (SeededScheduler scheduler = new SeededScheduler(seed)) {
            Seams seams =
                new Seams(
                    scheduler.time(),
                    scheduler.time()::nanoTime,
                    scheduler.threads("node"),
                    scheduler.newTimer(),
                    new SplittableRandom(seed));
            AtomicLong most = new AtomicLong();
            segments.disk.beforeEach(operation -> {
              most.accumulateAndGet(budget.usedBytes(), Math::max);
              scheduler.pause();
            });
            scheduler.run(() -> {
              try (ChunkStore chunks = segments.open(seams)) {
                List<CompletableFuture<Void>> all = new ArrayList<>();
                for (int i = 0; i < 10; i++) {
                  byte[] body = content(i, 150_000);
                  all.add(
                      CompletableFuture.runAsync(
                          () -> upload(scheduler, seams, config, chunks, budget, body),
                          scheduler.executor()));
                }
                all.forEach(CompletableFuture::join);
              }
            });
            assertThat(most.get()).isBetween(1L, 64L << 10);
            assertThat(budget.usedBytes()).isZero();
          }
        });
  }

  private static void upload(
      SeededScheduler scheduler,
      Seams seams,
      ContentConfig config,
      ChunkStore chunks,
      BodyBudget budget,
      byte[] body) {
    try (BodyWriter writer = new BodyWriter(seams, config, chunks, budget, BodyPromise.none())) {
      for (int at = 0; at < body.length; at += 7_500) {
        scheduler.pause();
        writer.write(ByteString.copyFrom(body, at, 7_500));
      }
      try (StoredBody stored = writer.finish(Checksums.getDefaultInstance())) {
        List<ByteString> frames = new ArrayList<>();
        new BodyReader(chunks)
            .read(stored.manifest(), 0, body.length, (frame, crc) -> frames.add(frame));
        assertThat(ByteString.copyFrom(frames).toByteArray()).isEqualTo(body);
        assertThat(stored.md5()).isEqualTo(ContentFixture.checksumsOf(body).get(BodyChecksum.MD5));
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
