/// A disk in memory that fails as disks fail.
///
/// In come calls of `java.nio.file` on paths of a [skarb.testkit.disk.SimulatedFileSystem]; out
/// come the same answers as from Linux, until a test pulls the plug, fills the disk or fails an
/// operation. Read that class first: it states the crash model. `Machine` is what every operation
/// goes through, `Disk` performs them, `FileNode` keeps what is forced of a file apart from what is
/// only written, `Namespace` does so for directory entries, `Survival` draws what outlives a crash.
///
/// One `ReentrantLock`, in `Machine`, guards everything; nothing blocks or yields while it is held,
/// and no thread, clock or unseeded randomness is used, so the package can run under a
/// deterministic scheduler.
@NullMarked
package skarb.testkit.disk;

import org.jspecify.annotations.NullMarked;
