package skarb.node.commit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import skarb.node.journal.JournalConfig;
import skarb.node.model.Seams;
import skarb.testkit.disk.SimulatedFileSystem;
import skarb.testkit.schedule.SeededScheduler;

/// Writers, the real pipeline and the real journal on a simulated disk, interleaved by a seed: at
/// each disk operation and wherever a thread blocks, another may go on.
///
/// The node's log is off meanwhile: the console is behind a monitor that threads outside the
/// simulation hold now and then, and whoever waits for one of those is woken from outside.
final class CommitSimulation implements AutoCloseable {
  static final int WRITERS = 8;
  private static final JournalConfig SMALL_FILES = new JournalConfig(32_768, true);

  final SeededScheduler scheduler;
  final SimulatedFileSystem disk = new SimulatedFileSystem();
  private final SplittableRandom random;
  private final Logger log = (Logger) LoggerFactory.getLogger("skarb.node");
  private final @Nullable Level logLevel = log.getLevel();

  CommitSimulation(long seed) {
    this.scheduler = new SeededScheduler(seed);
    this.random = new SplittableRandom(seed);
    disk.beforeEach(operation -> scheduler.pause());
    log.setLevel(Level.OFF);
  }

  /// What one writer does, in a thread of its own.
  interface Writer {
    void write(DiskStore store, int number) throws IOException;
  }

  /// Opens the store. To be called in a thread of the simulation.
  DiskStore open() throws IOException {
    Seams seams =
        new Seams(
            scheduler.time(),
            scheduler.time()::nanoTime,
            scheduler.threads("node"),
            scheduler.newTimer(),
            random.split());
    Path folder = disk.getPath("/journal");
    return DiskStore.open(folder, seams, SMALL_FILES);
  }

  /// Lets all writers run, and waits for their end. To be called in a thread of the simulation.
  void write(DiskStore store, Writer writer) throws InterruptedException {
    CountDownLatch ended = new CountDownLatch(WRITERS);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      int number = i;
      threads.add(
          scheduler
              .threads("writer")
              .newThread(() -> {
                try {
                  writer.write(store, number);
                } catch (IOException e) {
                  throw new AssertionError(e);
                } finally {
                  ended.countDown();
                }
              }));
    }
    threads.forEach(Thread::start);
    ended.await();
  }

  /// Lets some virtual time pass.
  void pass(Duration time) {
    scheduler.time().advance(time);
  }

  @Override
  public void close() {
    scheduler.close();
    log.setLevel(logLevel);
  }
}
