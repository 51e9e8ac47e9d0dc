package skarb.sync;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.random.RandomGenerator;

/// The outside world as the driver sees it.
///
/// @param threads makes the threads, virtual ones
/// @param timer the only timed wait there is
/// @param random spreads retries
public record SyncSeams(
    ThreadFactory threads, ScheduledExecutorService timer, RandomGenerator random) {}
