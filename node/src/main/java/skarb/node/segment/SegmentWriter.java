package skarb.node.segment;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import skarb.node.disk.DirectorySync;
import skarb.node.disk.DurableFile;
import skarb.node.disk.EncodedChunk;
import skarb.node.disk.FileFooter;
import skarb.node.disk.FileHeader;
import skarb.node.disk.FileKind;

/// A segment that is being written.
///
/// Group force: whoever needs the segment durable up to some end waits; one force runs at a time
/// and serves all who wait for what was written before it began.
///
/// ```
/// forceUpTo(end):                         forceOnce(), on a thread of its own:
///   until durable >= end:                   target = appended
///     none running? start forceOnce()       fdatasync
///     wait                                  durable = target, wake all
/// ```
///
/// A write or force that fails is the last one of the file: all who wait and all who come later get
/// the failure.
///
/// Threads: one appends and later closes (its lane's lock sees to that); any may force. What
/// touches the file runs on threads that nobody interrupts, since an interrupt would close the
/// file; waiting is uninterruptible, and as long as the disk takes.
final class SegmentWriter {
  private final long number;
  private final DurableFile file;
  private final Executor executor;

  /// In the order of their positions. For the appending thread.
  private final List<SegmentEntry> entries = new ArrayList<>();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  @GuardedBy("lock")
  private long appended;

  @GuardedBy("lock")
  private long durable;

  @GuardedBy("lock")
  private boolean forcing;

  @GuardedBy("lock")
  private @Nullable Throwable failure;

  private SegmentWriter(long number, DurableFile file, Executor executor) {
    this.number = number;
    this.file = file;
    this.executor = executor;
    this.appended = file.length();
    this.durable = file.length();
  }

  /// Makes a segment, durable in name and header.
  ///
  /// @param executor runs forces; never interrupted
  static SegmentWriter create(Path directory, FileHeader header, Executor executor)
      throws IOException {
    DurableFile file = DurableFile.create(SegmentFormat.file(directory, header.number()));
    try {
      file.append(List.of(header.encode(FileHeader.BYTES)));
      file.force();
      DirectorySync.force(directory);
    } catch (IOException e) {
      file.close();
      throw e;
    }
    return new SegmentWriter(header.number(), file, executor);
  }

  long number() {
    return number;
  }

  /// Bytes written. For the appending thread.
  long length() {
    return file.length();
  }

  /// Records written. For the appending thread.
  int records() {
    return entries.size();
  }

  /// Appends a record by one gathering write.
  SegmentEntry append(EncodedChunk chunk) throws IOException {
    SegmentEntry entry =
        new SegmentEntry(chunk.id(), file.append(chunk.buffers()), chunk.chunkLength());
    entries.add(entry);
    lock.lock();
    try {
      appended = entry.end();
    } finally {
      lock.unlock();
    }
    return entry;
  }

  /// Starts a force, if one is needed and none is running: so several segments are forced at once.
  void startForce(long end) {
    lock.lock();
    try {
      startIfNeeded(end);
    } finally {
      lock.unlock();
    }
  }

  /// Waits until the segment is durable up to an end.
  ///
  /// @throws IOException if it never will be
  void forceUpTo(long end) throws IOException {
    lock.lock();
    try {
      if (end > appended) {
        throw new IllegalArgumentException(end + " is past the end of " + file);
      }
      while (durable < end) {
        if (failure != null) {
          throw new IOException(file + " failed, which is final: " + failure, failure);
        }
        startIfNeeded(end);
        changed.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void startIfNeeded(long end) {
    if (durable < end && !forcing && failure == null) {
      executor.execute(this::forceOnce);
      forcing = true;
    }
  }

  private void forceOnce() {
    Throwable failed = null;
    long target;
    lock.lock();
    try {
      target = appended;
    } finally {
      lock.unlock();
    }
    try {
      file.force();
    } catch (Throwable t) { // handed to all who wait
      failed = t;
    }
    lock.lock();
    try {
      forcing = false;
      if (failed == null) {
        durable = target;
      } else {
        failure = failed;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Closes the segment: records durable, then the footer. Nothing is appended afterwards.
  ///
  /// @return bytes of the footer
  long close() throws IOException {
    forceUpTo(file.length());
    ByteBuffer footer = SegmentFooter.encode(entries);
    ByteBuffer trailer =
        FileFooter.trailer(FileKind.SEGMENT, number, SegmentFormat.VERSION, footer);
    file.append(List.of(footer, trailer));
    file.force();
    file.close();
    return (long) footer.remaining() + trailer.remaining();
  }

  /// Lets the file go as it is, after a failure: the next start reads it through.
  void abandon() throws IOException {
    file.close();
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
