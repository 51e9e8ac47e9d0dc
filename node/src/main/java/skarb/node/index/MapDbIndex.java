package skarb.node.index;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import skarb.node.index.CheckpointSteps.Step;
import skarb.node.model.StoreId;

/// The index in MapDB's files, which are a cache: the journal holds all that they say.
///
/// MapDB alone is neither durable enough (killed with its own log on, one store in some hundred
/// came back with rows missing and no error) nor fast enough when it commits. So:
///
/// 1. A batch goes to the *active memtable*, in memory; the journal is behind it. Reads look there
///    first, then in *frozen* ones, then in the file.
/// 2. When it is large enough, a thread freezes it and *checkpoints*: it merges frozen memtables
///    into the file that nobody reads ([MapDbFiles] says how), marks it, moves reads to it, and
///    waits until the last read of the other one has ended.
/// 3. A memtable is kept until both files have its rows, so each goes into both, one checkpoint
///    apart, and no file is ever copied while the node runs on.
/// 4. All memtables together have a budget. At the bound, [#apply] waits for a checkpoint.
///
/// **What is guaranteed.** A file is used only if its marker vouches for every byte of it; so after
/// a crash at any moment, a flipped bit, a cut or a foreign file, opening finds a file that is
/// right or none, and the journal is replayed from there, to the same rows and the same digest. A
/// row that decays later fails its own checksum when it is read. What decays in between, such that
/// MapDB no longer finds a row, shows in [#verify] and when the file is next made anew.
///
/// Threads: one applies; any reads; one of its own checkpoints. Readers take no lock.
public final class MapDbIndex implements Index {
  private static final Logger LOG = LoggerFactory.getLogger(MapDbIndex.class);

  private final MapDbConfig config;
  private final CheckpointSteps steps;
  private final MapDbFiles files;
  private final Thread checkpoints;

  private final ReentrantLock lock = new ReentrantLock();

  /// Something for the checkpoint's thread to do.
  private final Condition work = lock.newCondition();

  /// A checkpoint ended, or failed.
  private final Condition ended = lock.newCondition();

  /// Frozen memtables whose rows are not in both files, the oldest first.
  @GuardedBy("lock")
  private final Deque<Memtable> kept = new ArrayDeque<>();

  @GuardedBy("lock")
  private long requested;

  @GuardedBy("lock")
  private long completed;

  @GuardedBy("lock")
  private @Nullable Throwable failure;

  private volatile boolean closing;
  private volatile boolean closed;
  private volatile MapDbView view;
  private volatile IndexState state;
  private volatile long checkpointBatch;

  private MapDbIndex(
      Path directory,
      StoreId store,
      ThreadFactory threads,
      MapDbConfig config,
      CheckpointSteps steps)
      throws IOException {
    this.config = config;
    this.steps = steps;
    this.files = new MapDbFiles(directory, store, config, steps, () -> closing);
    this.state = files.open();
    this.checkpointBatch = state.batch();
    this.view = new MapDbView(new Memtable(state.batch()), List.of(), files.reader());
    this.checkpoints = threads.newThread(this::runCheckpoints);
  }

  /// Opens the index in its folder, which is made where it is not there and holds nothing else.
  /// Where no file is usable it is empty: [#appliedBatch] is 0, and the journal is replayed from
  /// its start. Reads the newest file once from end to end.
  ///
  /// @param directory within the file system of the machine: MapDB opens files itself
  /// @param store whose index it is; a file of another store is not used
  /// @param threads makes the checkpoint's thread
  public static MapDbIndex open(
      Path directory, StoreId store, ThreadFactory threads, MapDbConfig config) throws IOException {
    return open(directory, store, threads, config, CheckpointSteps.NONE);
  }

  static MapDbIndex open(
      Path directory,
      StoreId store,
      ThreadFactory threads,
      MapDbConfig config,
      CheckpointSteps steps)
      throws IOException {
    MapDbIndex index = new MapDbIndex(directory, store, threads, config, steps);
    index.checkpoints.start();
    return index;
  }

  // ---- applying

  @Override
  public void apply(long batch, RowChanges changes) {
    IndexState next = state.after(batch, changes, this);
    lock.lock();
    try {
      awaitRoom();
      Memtable active = view.active();
      for (Map.Entry<RowKey, Optional<byte[]>> change : changes.changes().entrySet()) {
        active.put(change.getKey(), change.getValue().orElse(Memtable.REMOVED));
      }
      active.setLastBatch(batch);
      state = next;
      if (isDue()) {
        work.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void mustTakeBatches() {
    lock.lock();
    try {
      mustWork();
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void awaitRoom() {
    while (true) {
      mustWork();
      if (memtableBytes() < config.memtableBudgetBytes()) {
        return;
      }
      work.signal();
      ended.awaitUninterruptibly();
    }
  }

  @GuardedBy("lock")
  private void mustWork() {
    if (failure != null) {
      throw new IllegalStateException("the index has failed: " + failure, failure);
    }
    if (closing) {
      throw new IllegalStateException("the index is closed");
    }
  }

  @GuardedBy("lock")
  private long memtableBytes() {
    return view.active().bytes() + kept.stream().mapToLong(Memtable::bytes).sum();
  }

  // ---- checkpoints

  /// Makes a checkpoint of all that was applied before the call, and waits for it.
  ///
  /// @throws IllegalStateException if the index has failed or is closed
  public void checkpoint() {
    lock.lock();
    try {
      mustWork();
      long mine = ++requested;
      work.signal();
      while (completed < mine) {
        ended.awaitUninterruptibly();
        mustWork();
      }
    } finally {
      lock.unlock();
    }
  }

  private void runCheckpoints() {
    try {
      while (awaitWork()) {
        runCheckpoint();
      }
    } catch (MapDbFiles.StoppedException e) {
      LOG.debug("checkpoint given up: {}", e.getMessage());
    } catch (
        Throwable e) { // whatever it was: the rows that wait in memory have no way out any more
      LOG.error("checkpoint failed; the index takes no further batches", e);
      lock.lock();
      try {
        failure = e;
        ended.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  private boolean awaitWork() {
    lock.lock();
    try {
      while (!closing && !isDue()) {
        work.awaitUninterruptibly();
      }
      return !closing;
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private boolean isDue() {
    return requested > completed
        || view.active().bytes() >= config.checkpointBytes()
        || memtableBytes() >= config.memtableBudgetBytes();
  }

  private void runCheckpoint() throws IOException, InterruptedException {
    Frozen frozen = freeze();
    steps.done(Step.FROZEN);
    MapDbReader before = files.reader();
    if (frozen.goal().batch() > files.batchOfBoth()) {
      files.write(frozen.goal(), frozen.newestFirst());
      switchReads();
      try {
        steps.done(Step.SWITCHED);
      } finally {
        if (before != null) {
          before.release();
        }
      }
      if (before != null) {
        before.awaitClosed(); // the next checkpoint writes it
      }
      steps.done(Step.RETIRED);
    }
    complete(frozen.request());
  }

  /// What a checkpoint is to write.
  ///
  /// @param goal what all rows add up to
  /// @param newestFirst the memtables whose rows are not in both files
  /// @param request the last request that it answers
  private record Frozen(IndexState goal, List<Memtable> newestFirst, long request) {}

  private Frozen freeze() {
    lock.lock();
    try {
      Memtable active = view.active();
      if (active.bytes() > 0) {
        kept.addLast(active);
        List<Memtable> frozen = new ArrayList<>(view.frozen());
        frozen.addFirst(active);
        view = new MapDbView(new Memtable(state.batch()), frozen, view.file());
      }
      List<Memtable> newestFirst = new ArrayList<>(kept);
      return new Frozen(state, newestFirst.reversed(), requested);
    } finally {
      lock.unlock();
    }
  }

  private void switchReads() {
    lock.lock();
    try {
      long batch = files.batch();
      List<Memtable> frozen =
          view.frozen().stream().filter(table -> table.lastBatch() > batch).toList();
      view = new MapDbView(view.active(), frozen, files.reader());
      checkpointBatch = batch;
      long batchOfBoth = files.batchOfBoth();
      kept.removeIf(table -> table.lastBatch() <= batchOfBoth);
    } finally {
      lock.unlock();
    }
  }

  private void complete(long request) {
    lock.lock();
    try {
      completed = request;
      ended.signalAll();
    } finally {
      lock.unlock();
    }
  }

  // ---- reading

  @Override
  public byte @Nullable [] get(RowKey key) {
    return read(held -> held.get(key));
  }

  @Override
  public @Nullable RowEntry seek(RowKey from, RowKey to) {
    List<RowEntry> first = scan(from, to, 1);
    return first.isEmpty() ? null : first.getFirst();
  }

  @Override
  public List<RowEntry> scan(RowKey from, RowKey to, int limit) {
    return read(held -> held.scan(from, to, limit));
  }

  /// Reads while holding the file, which else might be closed and written meanwhile.
  private <T extends @Nullable Object> T read(Function<MapDbView, T> reading) {
    while (true) {
      MapDbView held = view;
      if (closed) {
        throw new IllegalStateException("the index is closed");
      }
      MapDbReader file = held.file();
      if (file == null) {
        return reading.apply(held);
      }
      if (file.hold()) { // else reads have moved on since we looked
        try {
          return reading.apply(held);
        } finally {
          file.release();
        }
      }
    }
  }

  @Override
  public long appliedBatch() {
    return state.batch();
  }

  @Override
  public long checkpointBatch() {
    return checkpointBatch;
  }

  @Override
  public long rowCount() {
    return state.rowCount();
  }

  @Override
  public StateDigest digest() {
    return state.digest();
  }

  /// Reads the file that reads go to from end to end and compares it with its marker: the checksum
  /// of its bytes, the checksum of each row, row count and digest. The next checkpoint but one
  /// waits for it.
  ///
  /// @throws skarb.node.disk.CorruptFileException if they differ
  public void verify() throws IOException {
    try {
      read(held -> {
        try {
          if (held.file() != null) {
            held.file().verify();
          }
          return true;
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /// About how many bytes of rows wait in memory, those included that one of the files has.
  public long memtableBytesInUse() {
    lock.lock();
    try {
      return memtableBytes();
    } finally {
      lock.unlock();
    }
  }

  /// Gives up a checkpoint that is running, ends the thread and closes the file. Rows that are in
  /// no checkpoint are in the journal. Reads that are running end first; later ones throw.
  /// Idempotent.
  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      if (closing) {
        return;
      }
      closing = true;
      work.signalAll();
      ended.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      checkpoints.join();
      closed = true;
      MapDbReader file = files.reader();
      if (file != null) {
        file.release();
        file.awaitClosed();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while closing the index", e);
    }
  }
}
