/// Time that passes only when a test says so.
///
/// [skarb.testkit.time.VirtualTime] is the clock, the ticker and the queue of timers; a
/// `VirtualTimer` is the `ScheduledExecutorService` through which code under test fills that queue.
/// One `ReentrantLock` in `VirtualTime` guards the queue; tasks run with no lock held.
@NullMarked
package skarb.testkit.time;

import org.jspecify.annotations.NullMarked;
