package skarb.node.oplog;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.google.protobuf.ByteString;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import skarb.node.index.LoggedEntry;

/// The entries of the journal for one reader, from a batch on and for as long as it likes. One
/// thread runs it; any may wake and close it.
public final class ChangeFeed implements AutoCloseable {
  private final JournalTail tail;
  private final RecentBatches recent;
  private final Runnable bell = this::wake;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  @GuardedBy("lock")
  private boolean rung;

  @GuardedBy("lock")
  private boolean closed;

  ChangeFeed(JournalTail tail, RecentBatches recent) {
    this.tail = tail;
    this.recent = recent;
  }

  /// Takes batches.
  @FunctionalInterface
  public interface Sink {
    /// @param batch its number
    /// @param entries serialised, in order
    void batch(long batch, List<ByteString> entries);
  }

  /// Hands batches over, those without entries left out, until it is closed.
  ///
  /// @param hasRoom whether the sink takes one now
  public void run(BooleanSupplier hasRoom, Sink sink) {
    recent.subscribe(bell);
    while (await(hasRoom, false)) {
      JournalTail.Batch batch = tail.poll();
      if (batch == null) {
        if (!await(() -> false, true)) {
          return;
        }
      } else if (!batch.entries().isEmpty()) {
        sink.batch(batch.number(), batch.entries().stream().map(LoggedEntry::bytes).toList());
      }
    }
  }

  private boolean await(BooleanSupplier holds, boolean orRung) {
    lock.lock();
    try {
      while (!closed && !holds.getAsBoolean() && !(orRung && rung)) {
        changed.awaitUninterruptibly();
      }
      if (orRung) {
        rung = false;
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  /// There may be more, or room for it.
  public void wake() {
    lock.lock();
    try {
      rung = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Whether it is closed.
  public boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    recent.unsubscribe(bell);
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
