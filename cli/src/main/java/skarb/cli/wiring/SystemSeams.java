package skarb.cli.wiring;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import skarb.node.model.Seams;

/// The machine's own clock, threads, timer and randomness, for a node that really runs.
public final class SystemSeams implements AutoCloseable {
  private final ScheduledThreadPoolExecutor timer;
  private final Seams seams;

  private SystemSeams(InstantSource clock, ScheduledThreadPoolExecutor timer) {
    this.timer = timer;
    this.seams =
        new Seams(
            clock,
            System::nanoTime,
            Thread.ofVirtual().name("skarb-", 0).factory(),
            timer,
            new SecureRandom());
  }

  /// Starts the timer's thread.
  public static SystemSeams start() {
    return start(InstantSource.system());
  }

  /// The same with another wall clock, for tests of applications. Durations and the timer stay the
  /// machine's.
  ///
  /// @param clock safe for many threads
  public static SystemSeams start(InstantSource clock) {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("skarb-timer").daemon().factory());
    timer.setRemoveOnCancelPolicy(true);
    return new SystemSeams(clock, timer);
  }

  /// What the node takes.
  public Seams seams() {
    return seams;
  }

  /// Stops the timer.
  @Override
  public void close() {
    timer.shutdownNow();
  }
}
