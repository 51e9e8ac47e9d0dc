package skarb.node.journal;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import skarb.node.disk.FileHeader;

/// The file that comes after the current one, made ahead by a thread of its own, so that the
/// committer does not wait for 64 MiB of zeroes. One file ahead at most.
final class NextFile {
  private final JournalFiles files;
  private final ThreadFactory threads;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private @Nullable FutureTask<FileHeader> making;

  NextFile(JournalFiles files, ThreadFactory threads) {
    this.files = files;
    this.threads = threads;
  }

  /// Takes over a file that was made before the last stop, and never used.
  void offer(FileHeader ready) {
    FutureTask<FileHeader> done = new FutureTask<>(() -> ready);
    done.run();
    lock.lock();
    try {
      making = done;
    } finally {
      lock.unlock();
    }
  }

  /// Begins to make it, unless it is there or being made.
  void prepare(long number) {
    FutureTask<FileHeader> task = new FutureTask<>(() -> files.create(number));
    lock.lock();
    try {
      if (making != null) {
        return;
      }
      making = task;
    } finally {
      lock.unlock();
    }
    threads.newThread(task).start();
  }

  /// Hands it over, waiting for its completion, or makes it now. If making it ahead failed (the
  /// disk was full, say), it is made anew: another file, so no force is tried twice.
  FileHeader take(long number) throws IOException {
    FutureTask<FileHeader> task;
    lock.lock();
    try {
      task = making;
      making = null;
    } finally {
      lock.unlock();
    }
    if (task == null) {
      return files.create(number);
    }
    try {
      FileHeader header = task.get();
      if (header.number() != number) {
        throw new IllegalStateException("file " + header.number() + " instead of " + number);
      }
      return header;
    } catch (ExecutionException e) {
      return files.create(number);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the next file was made", e);
    }
  }

  /// Waits until nothing is being made any more.
  void await() {
    FutureTask<FileHeader> task;
    lock.lock();
    try {
      task = making;
    } finally {
      lock.unlock();
    }
    if (task == null) {
      return;
    }
    try {
      task.get();
    } catch (ExecutionException e) {
      // Nobody needs the file any more; whoever opens the journal next deletes or uses it.
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
