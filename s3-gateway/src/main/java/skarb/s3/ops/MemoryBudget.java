package skarb.s3.ops;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;

/// Memory that bodies on their way may take together, whoever sends or fetches them: so that slow
/// clients by the thousand cost waiting and not the process. First come, first served. Safe for
/// many threads.
public final class MemoryBudget {
  /// What a streamed body takes: what is read ahead of the node or of the client, in both
  /// directions alike.
  public static final int STREAM_BYTES = 2 << 20;

  private static final int UNIT_BYTES = 1024;

  private final Semaphore units;
  private final int allUnits;
  private final Duration patience;

  /// A budget.
  ///
  /// @param bytes at least that of one stream
  /// @param patience how long a request waits for its share before it is told to slow down
  public MemoryBudget(long bytes, Duration patience) {
    if (bytes < STREAM_BYTES) {
      throw new IllegalArgumentException("a budget of " + bytes + " bytes");
    }
    this.allUnits = (int) Math.min(Integer.MAX_VALUE, bytes / UNIT_BYTES);
    this.units = new Semaphore(allUnits, true);
    this.patience = patience;
  }

  /// A share, given back by closing it; closing it again does nothing.
  public interface Share extends AutoCloseable {
    @Override
    void close();
  }

  /// Takes a share, and waits for it.
  ///
  /// @throws S3Exception SlowDown where none comes free in time
  public Share take(long bytes) {
    int wanted = (int) Math.min(allUnits, (bytes + UNIT_BYTES - 1) / UNIT_BYTES);
    try {
      if (!units.tryAcquire(wanted, patience.toNanos(), TimeUnit.NANOSECONDS)) {
        throw new S3Exception(S3Error.SLOW_DOWN);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConnectionLostException("interrupted while waiting for memory");
    }
    AtomicBoolean taken = new AtomicBoolean(true);
    return () -> {
      if (taken.getAndSet(false)) {
        units.release(wanted);
      }
    };
  }
}
