package skarb.node.oplog;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.google.protobuf.ByteString;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import skarb.node.commit.CommittedBatches;

/// The last batches of the journal in memory, up to a number of bytes, so that who keeps up with
/// the journal need not read it; and a bell that rings when there is another. Safe for any thread.
public final class RecentBatches implements CommittedBatches {
  private final int maxBytes;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final TreeMap<Long, Batch> batches = new TreeMap<>();

  @GuardedBy("lock")
  private long bytes;

  @GuardedBy("lock")
  private long last;

  /// @param last the last batch of the journal as it stands
  /// @param maxBytes the most bytes of records that are kept
  public RecentBatches(long last, int maxBytes) {
    this.last = last;
    this.maxBytes = maxBytes;
  }

  /// A batch.
  ///
  /// @param number its number
  /// @param records serialised `JournalRecord`s, in order
  record Batch(long number, List<ByteString> records, long bytes) {}

  @Override
  public void committed(long batch, List<ByteString> records) {
    lock.lock();
    try {
      long size = records.stream().mapToLong(ByteString::size).sum();
      batches.put(batch, new Batch(batch, List.copyOf(records), size));
      bytes += size;
      last = batch;
      while (bytes > maxBytes && batches.size() > 1) {
        bytes -= batches.pollFirstEntry().getValue().bytes();
      }
    } finally {
      lock.unlock();
    }
    listeners.forEach(Runnable::run);
  }

  /// The last batch that is durable and visible.
  long last() {
    lock.lock();
    try {
      return last;
    } finally {
      lock.unlock();
    }
  }

  /// A batch, or null where it is not kept any more or not there yet.
  @Nullable Batch find(long number) {
    lock.lock();
    try {
      return batches.get(number);
    } finally {
      lock.unlock();
    }
  }

  /// Rings for each batch from now on, on the committer's thread: it must not block.
  void subscribe(Runnable bell) {
    listeners.add(bell);
  }

  /// Ends what [#subscribe] began.
  void unsubscribe(Runnable bell) {
    listeners.remove(bell);
  }
}
