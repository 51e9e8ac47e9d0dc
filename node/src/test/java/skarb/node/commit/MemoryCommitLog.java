package skarb.node.commit;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import skarb.node.disk.EncodedChunk;
import skarb.node.journal.CommitLog;
import skarb.node.model.ChunkPlace;

/// A log in memory whose forces a test holds up, lets go and lets fail.
final class MemoryCommitLog implements CommitLog {
  private final ReentrantLock lock = new ReentrantLock();
  private final List<List<ByteString>> batches = new ArrayList<>();
  private final Semaphore started = new Semaphore(0);
  private final Semaphore forces = new Semaphore(Integer.MAX_VALUE / 2);
  private volatile boolean failing;
  private volatile boolean failed;
  private volatile boolean closed;
  private volatile boolean sealed;

  /// From now on each force waits for a call of [#letForceGo].
  void holdForces() {
    forces.drainPermits();
  }

  void letForceGo() {
    forces.release();
  }

  void letAllForcesGo() {
    forces.release(Integer.MAX_VALUE / 4);
  }

  /// Waits until a force has begun, each once.
  void awaitForceBegun() {
    started.acquireUninterruptibly();
  }

  /// Lets forces fail from now on.
  void failForces() {
    failing = true;
  }

  boolean isClosed() {
    return closed;
  }

  boolean isSealed() {
    return sealed;
  }

  List<List<ByteString>> batches() {
    lock.lock();
    try {
      return List.copyOf(batches);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<ChunkPlace> append(
      long expectedBatch, List<ByteString> records, List<EncodedChunk> bodies) throws IOException {
    if (failed) {
      throw new IOException("failed before");
    }
    if (expectedBatch != lastBatch() + 1) {
      throw new IllegalStateException("the log has moved");
    }
    started.release();
    forces.acquireUninterruptibly();
    if (failing) {
      failed = true;
      throw new IOException("fdatasync: Input/output error");
    }
    List<ChunkPlace> places = new ArrayList<>();
    for (EncodedChunk body : bodies) {
      places.add(
          new ChunkPlace(
              ChunkPlace.Home.JOURNAL,
              1,
              expectedBatch * 1_000 + places.size(),
              body.chunkLength()));
    }
    lock.lock();
    try {
      batches.add(List.copyOf(records));
    } finally {
      lock.unlock();
    }
    return places;
  }

  @Override
  public long lastBatch() {
    return batches().size();
  }

  @Override
  public void replay(long fromBatch, BatchConsumer consumer) throws IOException {
    List<List<ByteString>> all = batches();
    for (long batch = fromBatch; batch <= all.size(); batch++) {
      consumer.accept(batch, all.get((int) batch - 1));
    }
  }

  /// As a log that lost its end.
  void dropAfter(long batch) {
    lock.lock();
    try {
      while (batches.size() > batch) {
        batches.removeLast();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    closed = true;
    sealed = !failed;
  }
}
