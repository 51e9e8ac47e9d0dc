package skarb.sync;

import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// The outside world as the driver sees it.
///
/// @param clock the wall clock, for what is told to people
/// @param nanoTime a clock that only goes forward, in nanoseconds, for durations
/// @param threads makes the threads, virtual ones
/// @param timer the only timed wait there is
/// @param random spreads retries
public record SyncSeams(
    InstantSource clock,
    LongSupplier nanoTime,
    ThreadFactory threads,
    ScheduledExecutorService timer,
    RandomGenerator random) {}
