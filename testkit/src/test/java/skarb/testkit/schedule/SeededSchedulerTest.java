package skarb.testkit.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import skarb.testkit.disk.SimulatedCrash;
import skarb.testkit.disk.SimulatedFileSystem;

/// The proof of the scheduler: one seed, one trace.
@Timeout(120)
final class SeededSchedulerTest {
  private static final int RUNS = 100;

  /// A world of threads, given the scheduler and a factory.
  private interface Scene extends BiConsumer<SeededScheduler, ThreadFactory> {}

  private static long hashOf(long seed, Scene scene) {
    try (SeededScheduler scheduler = new SeededScheduler(seed)) {
      scene.accept(scheduler, scheduler.threads("worker"));
      scheduler.runUntil(() -> scheduler.aliveThreads().isEmpty());
      return scheduler.traceHash();
    }
  }

  private static List<String> eventsOf(long seed, Scene scene) {
    try (SeededScheduler scheduler = new SeededScheduler(seed)) {
      scene.accept(scheduler, scheduler.threads("worker"));
      scheduler.runUntil(() -> scheduler.aliveThreads().isEmpty());
      return scheduler.events();
    }
  }

  /// The same trace in 100 runs of one seed, and many traces in 100 seeds.
  private static void assertRepeatable(Scene scene) {
    long hash = hashOf(1, scene);
    List<String> events = eventsOf(1, scene);
    Set<List<String>> others = new LinkedHashSet<>();
    Set<Long> hashes = new LinkedHashSet<>();
    for (int i = 0; i < RUNS; i++) {
      assertThat(hashOf(1, scene)).isEqualTo(hash);
      assertThat(eventsOf(1, scene)).isEqualTo(events);
      others.add(eventsOf(i, scene));
      hashes.add(hashOf(i, scene));
    }
    assertThat(hashes.size()).isGreaterThan(RUNS / 4);
    assertThat(others.size()).isGreaterThan(1);
  }

  /// A task that may be interrupted, in a thread of its own.
  private static void start(ThreadFactory threads, SeededScheduler.Body body) {
    threads
        .newThread(() -> {
          try {
            body.run();
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        })
        .start();
  }

  @Test
  void yieldingThreadsInterleaveRepeatably() {
    assertRepeatable((scheduler, threads) -> {
      for (int t = 0; t < 5; t++) {
        start(
            threads,
            () -> {
              for (int i = 0; i < 5; i++) {
                scheduler.trace("round " + i);
                scheduler.pause();
              }
            });
      }
    });
  }

  @Test
  void blockingQueuesHandOverRepeatably() {
    assertRepeatable((scheduler, threads) -> {
      List<BlockingQueue<Integer>> queues =
          List.of(
              new ArrayBlockingQueue<>(2), new LinkedBlockingQueue<>(1), new SynchronousQueue<>());
      for (BlockingQueue<Integer> queue : queues) {
        for (int t = 0; t < 3; t++) {
          int first = t * 10;
          start(
              threads,
              () -> {
                for (int i = 0; i < 4; i++) {
                  queue.put(first + i);
                }
              });
          start(
              threads,
              () -> {
                for (int i = 0; i < 4; i++) {
                  scheduler.trace("took " + queue.take());
                }
              });
        }
      }
    });
  }

  @Test
  void locksAndConditionsAreTakenRepeatably() {
    assertRepeatable((scheduler, threads) -> {
      ReentrantLock lock = new ReentrantLock();
      Condition turned = lock.newCondition();
      int[] turn = new int[1];
      for (int t = 0; t < 4; t++) {
        int me = t;
        start(
            threads,
            () -> {
              for (int i = 0; i < 3; i++) {
                lock.lock();
                try {
                  while (turn[0] % 2 != me % 2) {
                    turned.await();
                  }
                  scheduler.pause(); // while holding the lock: others queue up
                  turn[0]++;
                  scheduler.trace("turn " + turn[0]);
                  turned.signalAll();
                } finally {
                  lock.unlock();
                }
              }
            });
      }
    });
  }

  @Test
  void futuresLatchesAndSemaphoresWakeRepeatably() {
    assertRepeatable((scheduler, threads) -> {
      CompletableFuture<Integer> future = new CompletableFuture<>();
      CountDownLatch latch = new CountDownLatch(3);
      Semaphore permits = new Semaphore(1);
      ExecutorService executor = scheduler.executor();
      for (int t = 0; t < 3; t++) {
        start(
            threads,
            () -> {
              permits.acquire();
              scheduler.pause();
              permits.release();
              latch.countDown();
              scheduler.trace("got " + future.get());
            });
        var _ =
            future
                .thenApplyAsync(it -> it + 1, executor)
                .thenAcceptAsync(it -> scheduler.trace("then " + it), executor);
      }
      start(
          threads,
          () -> {
            latch.await();
            scheduler.trace("complete");
            future.complete(1);
          });
    });
  }

  @Test
  void virtualTimeWakesSleepersRepeatably() {
    assertRepeatable((scheduler, threads) -> {
      var timer = scheduler.newTimer();
      for (int t = 0; t < 4; t++) {
        CountDownLatch due = new CountDownLatch(1);
        var timeout = timer.schedule(due::countDown, 10 + t / 2, TimeUnit.SECONDS);
        start(
            threads,
            () -> {
              due.await();
              scheduler.trace(timeout.isDone() + " at " + scheduler.time().instant());
            });
      }
    });
  }

  @Test
  void simulatedDiskIsPartOfTheRepeatableWorld() {
    assertRepeatable((scheduler, threads) -> {
      SimulatedFileSystem disk = new SimulatedFileSystem(scheduler.time());
      disk.beforeEach(operation -> scheduler.pause());
      for (int t = 0; t < 4; t++) {
        var file = disk.getPath("/" + t);
        start(
            threads,
            () -> {
              Files.writeString(file, "x");
              scheduler.trace(disk.trace().toString());
              disk.crashAt(3);
              Files.delete(file);
            });
      }
    });
  }

  @Test
  void differentOrdersAreFoundByDifferentSeeds() {
    Set<String> orders = new LinkedHashSet<>();
    for (int seed = 0; seed < 100; seed++) {
      StringBuilder order = new StringBuilder();
      hashOf(
          seed,
          (scheduler, threads) -> {
            for (String name : List.of("a", "b", "c")) {
              threads.newThread(() -> order.append(name)).start();
            }
          });
      orders.add(order.toString());
    }
    assertThat(orders).containsExactlyInAnyOrder("abc", "acb", "bac", "bca", "cab", "cba");
  }

  @Test
  void runReturnsAndThrowsWhatItsBodyDid() {
    try (SeededScheduler scheduler = new SeededScheduler(1)) {
      List<String> done = new ArrayList<>();
      scheduler.run(() -> {
        scheduler.pause();
        done.add(Thread.currentThread().getName());
      });
      assertThat(done).containsExactly("main-1");
      assertThatThrownBy(() ->
              scheduler.run(() -> {
                throw new IllegalStateException("no");
              }))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("no");
    }
  }

  @Test
  void deadlockFailsWithWhatWaitsWhere() {
    try (SeededScheduler scheduler = new SeededScheduler(1)) {
      CountDownLatch never = new CountDownLatch(1);
      start(scheduler.threads("forgotten"), never::await);
      assertThatThrownBy(() -> scheduler.run(LockSupport::park))
          .isInstanceOf(AssertionError.class)
          .hasMessageContaining("stuck")
          .hasMessageContaining("forgotten-1 WAITING")
          .hasMessageContaining("CountDownLatch.await")
          .hasMessageContaining("main-2 WAITING");
    }
  }

  @Test
  void deadThreadFailsTheRunUnlessTheMachineCrashed() {
    try (SeededScheduler scheduler = new SeededScheduler(1)) {
      SimulatedFileSystem disk = new SimulatedFileSystem();
      disk.powerOff();
      start(scheduler.threads("crashed"), () -> Files.exists(disk.getPath("/")));
      scheduler.runUntilIdle();
      start(
          scheduler.threads("broken"),
          () -> {
            throw new IllegalStateException("bug");
          });
      assertThatThrownBy(scheduler::runUntilIdle)
          .isInstanceOf(AssertionError.class)
          .hasMessage("thread broken-2 died")
          .hasRootCauseMessage("bug");
      assertThatThrownBy(() -> scheduler.run(() -> Files.delete(disk.getPath("/x"))))
          .isInstanceOf(SimulatedCrash.class);
    }
  }

  /// A short wait can be over while the thread is still parking; the JDK then hands it in from the
  /// thread that carried it and not from its own timer.
  @Test
  void waitInRealTimeIsFoundOutHoweverShort() {
    for (int i = 0; i < 200; i++) {
      long nanos = i % 10 == 0 ? 2_000_000 : 1;
      try (SeededScheduler scheduler = new SeededScheduler(i)) {
        start(scheduler.threads("sleeper"), () -> LockSupport.parkNanos(nanos));
        assertThatThrownBy(
                () -> {
                  while (!scheduler.aliveThreads().isEmpty()) {
                    scheduler.runUntilIdle();
                  }
                })
            .as("wait of %d ns", nanos)
            .isInstanceOf(AssertionError.class)
            .hasMessageContaining("not repeatable");
      }
    }
  }

  @Test
  void advanceFiresTimersOfThatSpanOnly() {
    try (SeededScheduler scheduler = new SeededScheduler(1)) {
      List<Long> seconds = new ArrayList<>();
      var periodic =
          scheduler
              .newTimer()
              .scheduleAtFixedRate(
                  () -> seconds.add(scheduler.time().nanoTime() / 1_000_000_000),
                  1,
                  1,
                  TimeUnit.SECONDS);
      scheduler.advance(Duration.ofMillis(3_500));
      assertThat(seconds).containsExactly(1L, 2L, 3L);
      assertThat(scheduler.time().nanoTime()).isEqualTo(3_500_000_000L);
      assertThat(periodic.isDone()).isFalse();
    }
  }

  @Test
  void executorWaitsForItsEndInVirtualTime() {
    try (SeededScheduler scheduler = new SeededScheduler(1)) {
      scheduler.run(() -> {
        ExecutorService executor = scheduler.newExecutor("pool");
        CountDownLatch latch = new CountDownLatch(1);
        var waiting = executor.submit(() -> latch.await(1, TimeUnit.DAYS));
        executor.shutdown();
        assertThat(executor.awaitTermination(1, TimeUnit.HOURS)).isFalse();
        assertThat(scheduler.time().nanoTime()).isEqualTo(Duration.ofHours(1).toNanos());
        latch.countDown();
        assertThat(executor.awaitTermination(1, TimeUnit.HOURS)).isTrue();
        assertThat(scheduler.time().nanoTime()).isEqualTo(Duration.ofHours(1).toNanos());
        assertThat(waiting.isDone()).isTrue();
      });
    }
  }

  @Test
  void closingEndsWhatStillWaits() {
    SeededScheduler scheduler = new SeededScheduler(1);
    start(scheduler.threads("waiting"), () -> new CountDownLatch(1).await());
    scheduler.runUntilIdle();
    assertThat(scheduler.aliveThreads()).containsExactly("waiting-1");
    scheduler.close();
    assertThat(scheduler.aliveThreads()).isEmpty();
  }
}
