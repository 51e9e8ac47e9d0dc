package skarb.node.disk;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/// Files open for reading, shared by all readers and bounded in number. A channel that is in use is
/// never closed, so with more readers than channels there are as many channels as readers for the
/// while.
///
/// Threads: any. Nothing is read or opened under the lock. A reader that is interrupted closes the
/// channel under the others' feet, as the JDK has it; they notice and read again from a new one.
public final class ReadChannels implements AutoCloseable {
  private final int maxIdle;
  private final ReentrantLock lock = new ReentrantLock();

  /// Least recently used first.
  @GuardedBy("lock")
  private final Map<Path, Shared> open = new LinkedHashMap<>(16, 0.75f, true);

  @GuardedBy("lock")
  private boolean closed;

  /// @param maxIdle how many channels are kept open while nobody reads from them
  public ReadChannels(int maxIdle) {
    this.maxIdle = maxIdle;
  }

  /// Reads from a file.
  ///
  /// @param file opened if it is not open yet
  /// @param reading by position only; run again from the start if somebody's interrupt closed the
  ///   channel meanwhile, so without effects that a second run would repeat
  /// @throws IOException what `reading` or opening threw
  public <T> T with(Path file, Reading<T> reading) throws IOException {
    while (true) {
      Shared shared = borrow(file);
      try {
        return reading.read(shared.channel);
      } catch (ClosedChannelException e) {
        discard(file, shared);
        if (Thread.currentThread().isInterrupted() || isClosed()) {
          throw e;
        }
      } finally {
        giveBack(file, shared);
      }
    }
  }

  /// Closes a file that is to be deleted, or all later readings of it open it anew. Readings that
  /// are under way end undisturbed.
  public void forget(Path file) throws IOException {
    List<Shared> unused = new ArrayList<>();
    lock.lock();
    try {
      Shared shared = open.remove(file);
      if (shared != null && shared.users == 0) {
        unused.add(shared);
      }
    } finally {
      lock.unlock();
    }
    closeAll(unused);
  }

  /// Closes the channels; readings under way end undisturbed. Idempotent.
  @Override
  public void close() throws IOException {
    List<Shared> unused = new ArrayList<>();
    lock.lock();
    try {
      closed = true;
      for (Shared shared : open.values()) {
        if (shared.users == 0) {
          unused.add(shared);
        }
      }
      open.clear();
    } finally {
      lock.unlock();
    }
    closeAll(unused);
  }

  private Shared borrow(Path file) throws IOException {
    lock.lock();
    try {
      if (closed) {
        throw new ClosedChannelException();
      }
      Shared shared = open.get(file);
      if (shared != null) {
        shared.users++;
        return shared;
      }
    } finally {
      lock.unlock();
    }
    Shared mine = new Shared(FileChannel.open(file, StandardOpenOption.READ));
    lock.lock();
    try {
      Shared other = closed ? null : open.putIfAbsent(file, mine);
      if (other == null) {
        mine.users++;
        return mine;
      }
      other.users++;
      return other;
    } finally {
      lock.unlock();
      if (mine.users == 0) {
        mine.channel.close(); // somebody else was faster
      }
    }
  }

  private void giveBack(Path file, Shared shared) throws IOException {
    List<Shared> unused = new ArrayList<>();
    lock.lock();
    try {
      shared.users--;
      if (shared.users == 0 && open.get(file) != shared) {
        unused.add(shared); // forgotten meanwhile
      }
      var eldest = open.entrySet().iterator();
      while (open.size() > maxIdle && eldest.hasNext()) {
        Shared candidate = eldest.next().getValue();
        if (candidate.users == 0) {
          eldest.remove();
          unused.add(candidate);
        }
      }
    } finally {
      lock.unlock();
    }
    closeAll(unused);
  }

  private void discard(Path file, Shared shared) {
    lock.lock();
    try {
      open.remove(file, shared);
    } finally {
      lock.unlock();
    }
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  private static void closeAll(List<Shared> unused) throws IOException {
    for (Shared shared : unused) {
      shared.channel.close();
    }
  }

  /// Reads by position.
  ///
  /// @param <T> what comes of it
  @FunctionalInterface
  public interface Reading<T> {
    /// @param channel for positional reads only; not to be closed or kept
    T read(FileChannel channel) throws IOException;
  }

  private static final class Shared {
    final FileChannel channel;
    int users;

    Shared(FileChannel channel) {
      this.channel = channel;
    }
  }
}
