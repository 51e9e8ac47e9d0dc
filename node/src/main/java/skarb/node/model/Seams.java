package skarb.node.model;

import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// The outside world as the node sees it, files aside (these come as paths of the file system
/// handed in). A running server gets the machine's own; a simulation gets virtual time, a seeded
/// scheduler and seeded randomness, and then replays bit for bit.
///
/// @param clock the wall clock
/// @param nanoTime a clock that only goes forward, in nanoseconds, for durations
/// @param threads makes the threads, virtual ones
/// @param timer runs things later: the only timed wait there is. Its tasks are short and hand work
///   to `threads`
/// @param random where randomness comes from; cryptographically strong in a running server
public record Seams(
    InstantSource clock,
    LongSupplier nanoTime,
    ThreadFactory threads,
    ScheduledExecutorService timer,
    RandomGenerator random) {

  /// A thread for each task.
  public Executor executor() {
    return task -> threads.newThread(task).start();
  }
}
