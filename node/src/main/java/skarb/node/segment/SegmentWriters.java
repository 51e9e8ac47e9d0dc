package skarb.node.segment;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import skarb.node.disk.EncodedChunk;
import skarb.node.disk.FileHeader;
import skarb.node.disk.FileKind;
import skarb.node.model.NodeException;
import skarb.node.model.Seams;
import skarb.node.model.StoreId;
import skarb.v1.ErrorReason;

/// The segments that are open for writing: a few lanes, each with one segment and one writer at a
/// time. Who appends takes the lane that fewest wait for, the first of equals: so a single upload
/// touches one segment and pays for one force.
///
/// The first failure of a write or a force is the end of all writing here: [#failure].
///
/// Threads: any. Files are touched on threads made for each task, which nobody interrupts; callers
/// wait for them uninterruptibly, as long as the disk takes. Lock order: a lane's lock, then a
/// segment's.
final class SegmentWriters {
  private final Path directory;
  private final StoreId store;
  private final ChunkStoreConfig config;
  private final Seams seams;
  private final Executor executor;
  private final List<Lane> lanes = new ArrayList<>();

  /// Segments without a footer, by number. One that failed stays.
  private final ConcurrentSkipListMap<Long, SegmentWriter> open = new ConcurrentSkipListMap<>();

  private final AtomicLong lastNumber;
  private final AtomicLong bytes;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final ScheduledFuture<?> idleCheck;

  /// @param lastNumber the highest number of a segment so far
  /// @param bytes what the segments so far have
  SegmentWriters(
      Seams seams,
      ChunkStoreConfig config,
      StoreId store,
      Path directory,
      long lastNumber,
      long bytes) {
    this.seams = seams;
    this.config = config;
    this.store = store;
    this.directory = directory;
    this.executor = seams.executor();
    this.lastNumber = new AtomicLong(lastNumber);
    this.bytes = new AtomicLong(bytes);
    for (int i = 0; i < config.openSegments(); i++) {
      lanes.add(new Lane());
    }
    long checkNanos = Math.max(1, config.maxIdle().toNanos() / 10);
    this.idleCheck =
        seams
            .timer()
            .scheduleWithFixedDelay(
                () -> executor.execute(this::closeIdle),
                checkNanos,
                checkNanos,
                TimeUnit.NANOSECONDS);
  }

  /// Bytes of all segments.
  long bytes() {
    return bytes.get();
  }

  /// What ended all writing.
  Optional<Throwable> failure() {
    return Optional.ofNullable(failure.get());
  }

  /// @throws NodeException READ_ONLY once something failed
  void mustBeWritable() {
    Throwable cause = failure.get();
    if (cause != null) {
      throw readOnly(cause);
    }
  }

  /// Appends a record. Returns when it is written, not yet forced.
  ///
  /// @throws NodeException READ_ONLY once something failed, SHUTTING_DOWN once closed
  Appended append(EncodedChunk chunk) {
    Lane lane = lanes.getFirst();
    for (Lane other : lanes) {
      lane = other.waiting.get() < lane.waiting.get() ? other : lane;
    }
    Lane chosen = lane;
    chosen.waiting.incrementAndGet();
    try {
      return onOwnThread(() -> chosen.append(chunk));
    } finally {
      chosen.waiting.decrementAndGet();
    }
  }

  /// Waits until each segment is durable up to an end; those that are closed are.
  ///
  /// @param ends by the segment's number
  /// @throws NodeException READ_ONLY if one of them never will be
  void force(Map<Long, Long> ends) {
    ends.forEach((number, end) -> {
      SegmentWriter writer = open.get(number);
      if (writer != null) {
        writer.startForce(end);
      }
    });
    ends.forEach((number, end) -> {
      SegmentWriter writer = open.get(number);
      if (writer != null) {
        try {
          writer.forceUpTo(end);
        } catch (IOException e) {
          throw failed(e);
        }
      }
    });
  }

  /// Closes the segments, with their footers if nothing failed. Idempotent.
  void close() {
    idleCheck.cancel(false);
    onOwnThread(() -> {
      for (Lane lane : lanes) {
        lane.close();
      }
      for (SegmentWriter writer : open.values()) {
        abandon(writer);
      }
      return "closed";
    });
  }

  private void closeIdle() {
    for (Lane lane : lanes) {
      lane.closeIfIdle();
    }
  }

  /// Runs on a thread that nobody interrupts, and waits.
  private <T> T onOwnThread(Supplier<T> task) {
    try {
      return CompletableFuture.supplyAsync(task, executor).join();
    } catch (CompletionException e) {
      switch (e.getCause()) {
        case NodeException refusal -> throw refusal;
        case Error error -> throw error;
        case null, default -> throw e;
      }
    }
  }

  private void closeSegment(SegmentWriter writer) {
    try {
      bytes.addAndGet(writer.close());
      open.remove(writer.number());
    } catch (IOException | RuntimeException e) {
      failure.compareAndSet(null, e); // its records are safe or will be missed by who forces them
    } catch (Error e) {
      failure.compareAndSet(null, e);
      throw e;
    }
  }

  private static void abandon(SegmentWriter writer) {
    try {
      writer.abandon();
    } catch (IOException e) {
      // Nothing was promised of it, and its failure is known already.
      return;
    }
  }

  private NodeException failed(Throwable cause) {
    failure.compareAndSet(null, cause);
    return readOnly(cause);
  }

  private static NodeException readOnly(Throwable cause) {
    return new NodeException(
        ErrorReason.ERROR_REASON_READ_ONLY,
        "no more writes until a restart, since one failed: " + cause.getMessage(),
        cause);
  }

  /// A record that was written.
  ///
  /// @param segment the number of its segment
  record Appended(long segment, SegmentEntry entry) {}

  /// One writer: its lock is held while it writes.
  private final class Lane {
    /// How many callers append here or wait to.
    final AtomicInteger waiting = new AtomicInteger();

    private final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    private @Nullable SegmentWriter writer;

    /// The closing of the segment before: one at a time, so that closing cannot fall behind.
    @GuardedBy("lock")
    private CompletableFuture<?> closing = CompletableFuture.completedFuture(null);

    @GuardedBy("lock")
    private long lastAppendNanos;

    @GuardedBy("lock")
    private boolean closed;

    Appended append(EncodedChunk chunk) {
      lock.lock();
      try {
        if (closed) {
          throw new NodeException(
              ErrorReason.ERROR_REASON_SHUTTING_DOWN, "the chunk store is closed");
        }
        mustBeWritable();
        SegmentWriter target = writerFor(chunk.recordLength());
        SegmentEntry entry = target.append(chunk);
        lastAppendNanos = seams.nanoTime().getAsLong();
        bytes.addAndGet(chunk.recordLength());
        return new Appended(target.number(), entry);
      } catch (IOException e) {
        throw failed(e);
      } catch (Error e) {
        failure.compareAndSet(null, e);
        throw e;
      } finally {
        lock.unlock();
      }
    }

    @GuardedBy("lock")
    private SegmentWriter writerFor(int recordLength) throws IOException {
      SegmentWriter current = writer;
      if (current != null
          && (current.length() + recordLength > config.maxSegmentBytes()
              || current.records() >= config.maxSegmentRecords())) {
        retire(current);
        mustBeWritable();
        current = null;
      }
      if (current == null) {
        FileHeader header =
            new FileHeader(
                FileKind.SEGMENT,
                SegmentFormat.VERSION,
                lastNumber.incrementAndGet(),
                store,
                seams.clock().millis(),
                seams.random().nextLong());
        current = SegmentWriter.create(directory, header, executor);
        bytes.addAndGet(FileHeader.BYTES);
        open.put(current.number(), current);
        writer = current;
      }
      return current;
    }

    @GuardedBy("lock")
    private void retire(SegmentWriter current) {
      closing.join();
      writer = null;
      closing = CompletableFuture.runAsync(() -> closeSegment(current), executor);
    }

    void closeIfIdle() {
      lock.lock();
      try {
        long idleNanos = seams.nanoTime().getAsLong() - lastAppendNanos;
        SegmentWriter current = writer;
        if (current != null && failure.get() == null && idleNanos >= config.maxIdle().toNanos()) {
          retire(current);
        }
      } finally {
        lock.unlock();
      }
    }

    void close() {
      lock.lock();
      try {
        closed = true;
        SegmentWriter current = writer;
        if (current != null && failure.get() == null) {
          retire(current);
        }
        closing.join();
      } finally {
        lock.unlock();
      }
    }
  }
}
