package skarb.testkit.disk;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// A disk in memory, behind the JDK's own `FileSystem`, `Path` and `FileChannel`, that loses at a
/// crash what was not forced.
///
/// ```java
/// var disk = new SimulatedFileSystem();
/// Path data = disk.getPath("/data");
/// for (int n = 1; ; n++) {           // cut the power at each mutating operation in turn
///   ... fresh disk, set up ...
///   disk.crashAt(n);
///   try { workload(data); } catch (SimulatedCrash e) { }
///   if (!disk.faultFired()) break;   // the workload needs fewer than n operations
///   disk.crash(seed);                // draw what survived; the machine is up again
///   check(data);
/// }
/// ```
///
/// ## What survives a crash
///
/// - *Bytes.* What `force` covered survives: the writes that had returned when it was called. Of
///   the rest, each write is kept, lost or torn into sectors of 512 bytes, of which some are kept;
///   a later write can be there while an earlier one is not. A kept sector is as processes saw it
///   after that write.
/// - *Sizes.* Of the successive sizes of a file since its last force, one is there: bytes beyond it
///   are lost, and a size without its bytes reads as zeros.
/// - *Names.* A created, renamed or deleted entry survives surely once its directory was forced;
///   forcing the file is not enough. Until then each change is there or not, but changes of one
///   name or one file keep their order, and a rename happens whole or not at all.
/// - *A failed force* leaves what it covered to chance for good: the next force succeeds without
///   writing it, as on Linux.
/// - Permissions and times are durable at once, which is kinder than the truth.
///
/// All drawing is by the seed given. At a crash all channels and locks are gone: their use throws
/// `ClosedChannelException`. Paths stay good, so stop the threads of the old life before the new
/// one starts.
///
/// Not supported: mapped files, links, watching, `SYNC`/`DSYNC`. Directories list in an order that
/// is always the same but not sorted. Safe for use by many threads.
public final class SimulatedFileSystem extends FileSystem {
  private final Disk disk;
  private final SimulatedProvider provider;

  /// An empty disk on which it is always the start of 2026.
  public SimulatedFileSystem() {
    this(InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z")));
  }

  /// An empty disk whose files' times come from `clock`.
  public SimulatedFileSystem(InstantSource clock) {
    this.disk = new Disk(clock);
    this.provider = new SimulatedProvider(disk);
  }

  // Crashes.

  /// Cuts the power, if it is not off already, and starts again with what the seed lets survive.
  /// Disarms all faults.
  public void crash(long seed) {
    disk.restart(Survival.drawnFrom(new SplittableRandom(seed)));
  }

  /// Like [#crash], and nothing survives but what was forced.
  public void crashLosingUnforced() {
    disk.restart(Survival.ofNothing());
  }

  /// Like [#crash], and everything survives, as if it had all been written back just in time.
  public void crashKeepingUnforced() {
    disk.restart(Survival.ofEverything());
  }

  /// Ends the process and not the machine, like `kill -9`: channels and locks are gone; all that
  /// was written is there, but a crash can still take from it what was not forced.
  public void killProcess() {
    disk.killProcess();
  }

  /// Cuts the power: every use throws [SimulatedCrash] until one of the crash methods starts it
  /// again.
  public void powerOff() {
    disk.machine().powerOff();
  }

  /// What [#crash] does, named for use after [#powerOff] or a power cut.
  public void restart(long seed) {
    crash(seed);
  }

  // Failures.

  /// Cuts the power at the `n`-th mutating operation from now, counting from 1.
  public void crashAt(long n) {
    failAt(n, FailureMode.POWER_CUT);
  }

  /// Fails the `n`-th mutating operation from now, counting from 1. A write that fails leaves its
  /// first half.
  public void failAt(long n, FailureMode mode) {
    failWhen(DiskOperation::mutates, n, mode);
  }

  /// Fails the next operation, reads included, of which `covers` says yes.
  public void failWhen(Predicate<DiskOperation> covers, FailureMode mode) {
    failWhen(covers, 1, mode);
  }

  /// Fails the `n`-th operation, reads included, of which `covers` says yes. `covers` runs under
  /// the disk's lock.
  public void failWhen(Predicate<DiskOperation> covers, long n, FailureMode mode) {
    disk.machine().change(() -> disk.machine().faults().arm(covers, n, mode));
  }

  /// Disarms all faults, and forgets whether one fired.
  public void clearFaults() {
    disk.machine().change(() -> disk.machine().faults().clear());
  }

  /// Whether an armed fault struck, since the last crash or [#clearFaults].
  public boolean faultFired() {
    return disk.machine().locked(disk.machine().faults()::fired);
  }

  /// Flips the lowest bit of a byte, on the medium.
  public void flipBit(Path file, long position) throws IOException {
    flipBit(file, position, 0);
  }

  /// Flips bit `bit` (0 to 7) of a byte, on the medium.
  public void flipBit(Path file, long position, int bit) throws IOException {
    disk.onFile(SimulatedPath.of(file), node -> node.flipBit(position, bit));
  }

  /// Cuts or extends (by zeros) a file, on the medium, and forces what is left of it.
  public void truncateDurably(Path file, long size) throws IOException {
    disk.onFile(SimulatedPath.of(file), node -> node.truncateDurably(size));
  }

  /// Makes reads of a range throw an `IOException`, until a write covers it.
  public void makeUnreadable(Path file, long position, long length) throws IOException {
    disk.onFile(SimulatedPath.of(file), node -> node.makeUnreadable(position, length));
  }

  /// The disk holds this many bytes of files; writes beyond throw `No space left on device`.
  public void limitBytes(long bytes) {
    disk.machine().change(() -> disk.space().setLimit(bytes));
  }

  /// What `FileStore.getUsableSpace` says from now on, whatever is true.
  public void setUsableSpace(long bytes) {
    disk.machine().change(() -> disk.space().setUsable(bytes));
  }

  /// From now on reads and writes may transfer less than asked, at least one byte, as the seed
  /// says.
  public void shortTransfers(long seed) {
    disk.setShortTransfers(new SplittableRandom(seed));
  }

  /// Runs `hook` before each operation, reads included, on the thread that asks for it and with no
  /// lock held: it may block (a slow force), yield (to a deterministic scheduler) or throw. What it
  /// sees is what is asked; a write in append mode shows position 0.
  public void beforeEach(Consumer<DiskOperation> hook) {
    disk.machine().setHook(hook);
  }

  // What was done.

  /// How many mutating operations there were since the disk was made.
  public long mutations() {
    return disk.machine().locked(disk.machine().log()::mutations);
  }

  /// What was done since the disk was made.
  public DiskCounters counters() {
    return disk.machine().locked(disk.machine().log()::counters);
  }

  /// The mutating operations, oldest first, of the last 100,000 since [#clearTrace].
  public List<String> trace() {
    return disk.machine().locked(disk.machine().log()::lines);
  }

  /// Forgets the trace so far.
  public void clearTrace() {
    disk.machine().change(() -> disk.machine().log().clearLines());
  }

  /// Whether a crash now could take nothing from this file or directory: its bytes, and its name
  /// with all names above it, are as forced. A directory's entries are asked one by one.
  public boolean isDurable(Path path) throws IOException {
    return disk.isDurable(SimulatedPath.of(path));
  }

  /// The paths of what is open, oldest first.
  public List<Path> openFiles() {
    return disk.machine().locked(disk.machine().openFiles()::paths);
  }

  /// Throws an `AssertionError` that tells where each file that is still open was opened.
  public void checkNoOpenFiles() {
    disk.machine().change(() -> disk.machine().openFiles().check());
  }

  // What the JDK asks.

  @Override
  public FileSystemProvider provider() {
    return provider;
  }

  /// Does nothing: the disk lives as long as it is referred to.
  @Override
  public void close() {}

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public boolean isReadOnly() {
    return false;
  }

  @Override
  public String getSeparator() {
    return "/";
  }

  @Override
  public Iterable<Path> getRootDirectories() {
    return List.of(getPath("/"));
  }

  @Override
  public Iterable<FileStore> getFileStores() {
    return List.of(new SimulatedFileStore(disk));
  }

  @Override
  public Set<String> supportedFileAttributeViews() {
    return Set.of("basic", "posix", "owner");
  }

  @Override
  public Path getPath(String first, String... more) {
    StringBuilder joined = new StringBuilder(first);
    for (String part : more) {
      if (!part.isEmpty()) {
        joined.append(joined.isEmpty() ? "" : "/").append(part);
      }
    }
    return SimulatedPath.parse(this, joined.toString());
  }

  @Override
  public PathMatcher getPathMatcher(String syntaxAndPattern) {
    Pattern pattern = Glob.compile(syntaxAndPattern);
    return path -> pattern.matcher(path.toString()).matches();
  }

  @Override
  public UserPrincipalLookupService getUserPrincipalLookupService() {
    throw new UnsupportedOperationException("users");
  }

  @Override
  public WatchService newWatchService() {
    throw new UnsupportedOperationException("watching");
  }
}
