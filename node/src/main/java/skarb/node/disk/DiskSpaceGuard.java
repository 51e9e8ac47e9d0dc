package skarb.node.disk;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import skarb.node.model.NodeException;
import skarb.v1.ErrorReason;

/// Keeps a margin of the disk free for what must go on when it is nearly full: deletes, the
/// collector, checkpoints. Whoever is about to add data asks first; who makes room does not ask.
///
/// The file system is asked when the last answer is too old, when much was admitted since, and
/// always before refusing: so room that was made is seen at once.
///
/// Threads: any.
public final class DiskSpaceGuard {
  private final Path directory;
  private final long marginBytes;
  private final long checkEveryBytes;
  private final long checkEveryNanos;
  private final LongSupplier nanoTime;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private boolean checked;

  @GuardedBy("lock")
  private long checkedNanos;

  @GuardedBy("lock")
  private long usableBytes;

  @GuardedBy("lock")
  private long admittedBytes;

  /// @param directory one on the disk in question; it exists
  /// @param marginBytes what stays free
  /// @param checkEveryBytes how many bytes are admitted on one answer of the file system
  /// @param checkEvery how long an answer holds
  /// @param nanoTime the clock for that, as in `Seams`
  public DiskSpaceGuard(
      Path directory,
      long marginBytes,
      long checkEveryBytes,
      Duration checkEvery,
      LongSupplier nanoTime) {
    this.directory = directory;
    this.marginBytes = marginBytes;
    this.checkEveryBytes = checkEveryBytes;
    this.checkEveryNanos = checkEvery.toNanos();
    this.nanoTime = nanoTime;
  }

  /// Passes if the bytes fit above the margin.
  ///
  /// @param bytes about to be written
  /// @throws NodeException DISK_FULL if they do not
  public void admit(long bytes) {
    lock.lock();
    try {
      boolean stale =
          !checked
              || admittedBytes + bytes > checkEveryBytes
              || nanoTime.getAsLong() - checkedNanos >= checkEveryNanos;
      if (stale || !fits(bytes)) {
        check();
      }
      if (!fits(bytes)) {
        throw new NodeException(
            ErrorReason.ERROR_REASON_DISK_FULL,
            "the disk is nearly full: "
                + usableBytes
                + " bytes are free, of which "
                + marginBytes
                + " are kept for deletes and cleaning up");
      }
      admittedBytes += bytes;
    } finally {
      lock.unlock();
    }
  }

  /// Bytes that are free now, the margin included. Asks the file system.
  public long usableBytes() {
    lock.lock();
    try {
      check();
      return usableBytes;
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private boolean fits(long bytes) {
    return usableBytes - admittedBytes - bytes >= marginBytes;
  }

  @GuardedBy("lock")
  private void check() {
    try {
      usableBytes = Files.getFileStore(directory).getUsableSpace();
    } catch (IOException e) {
      throw new UncheckedIOException(directory + ": the free space cannot be told: " + e, e);
    }
    checked = true;
    checkedNanos = nanoTime.getAsLong();
    admittedBytes = 0;
  }
}
