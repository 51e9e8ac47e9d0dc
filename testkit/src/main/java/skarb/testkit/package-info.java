/// What tests need in place of the world: a disk that loses what was not forced, a clock that is
/// moved by hand, a scheduler that runs threads in the order a seed says, a model of the store to
/// compare with.
///
/// Everything here is a fake of a seam that the JDK itself defines (`FileSystem`, `InstantSource`,
/// `ScheduledExecutorService`, `ThreadFactory`), so that nothing of Skarb's is imported and the
/// module can lie below all others.
///
/// - `disk`: [skarb.testkit.disk.SimulatedFileSystem]
/// - `time`: virtual time
/// - `schedule`: virtual threads under a seeded scheduler
/// - `seed`: seeds that print themselves
/// - `model`: the reference store
@NullMarked
package skarb.testkit;

import org.jspecify.annotations.NullMarked;
