/// Threads that run in the order a seed says, so that a run of concurrent code can be repeated.
///
/// [skarb.testkit.schedule.SeededScheduler] hands out virtual threads and picks, on the one thread
/// that drives it, which of them goes on next. `VirtualThreads` reaches the JDK's constructor that
/// takes a scheduler; `TaskExecutor` is the `ExecutorService` of one thread a task.
///
/// No lock lives here but `TaskExecutor`'s: everything runs on the driving thread. Continuations
/// that other threads hand in by mistake go through a concurrent queue and fail the run.
@NullMarked
package skarb.testkit.schedule;

import org.jspecify.annotations.NullMarked;
