package skarb.s3.http;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;
import skarb.s3.ops.ConnectionLostException;
import skarb.s3.ops.RequestBody;

/// Hands a body from its connection's event loop to the request's thread. It holds a window of
/// bytes at most: the loop stops reading from the client when it is full, and goes on when the
/// thread has made room.
final class BodyQueue implements RequestBody {
  private static final int WINDOW_BYTES = 256 * 1024;

  /// As long as nobody reads, enough for what comes with the head and no more: the request may wait
  /// for its turn, or be refused.
  private static final int FIRST_WINDOW_BYTES = 16 * 1024;

  private final Flow flow;
  private final Limits limits;
  private final long length;
  private final boolean expectsContinue;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  @GuardedBy("lock")
  private final ArrayDeque<ByteBuf> queue = new ArrayDeque<>();

  @GuardedBy("lock")
  private int queuedBytes;

  @GuardedBy("lock")
  private long receivedBytes;

  @GuardedBy("lock")
  private boolean complete;

  @GuardedBy("lock")
  private boolean abandoned;

  /// Whether the loop waits to be told that there is room.
  @GuardedBy("lock")
  private boolean paused;

  @GuardedBy("lock")
  private @Nullable RuntimeException failure;

  @GuardedBy("lock")
  private boolean continueSent;

  @GuardedBy("lock")
  private boolean touched;

  // Of the request's thread alone.
  private @Nullable ByteBuf current;
  private long waitedNanos;

  /// The connection, as a body sees it. Called from the request's thread.
  interface Flow {
    /// There is room again.
    void resumeReading();

    /// The client may send its body.
    void sendContinue();
  }

  BodyQueue(Flow flow, Limits limits, long length, boolean expectsContinue) {
    this.flow = flow;
    this.limits = limits;
    this.length = length;
    this.expectsContinue = expectsContinue;
  }

  // What follows is for the event loop.

  /// Takes content, and owns it from then on.
  void offer(HttpContent content) {
    ByteBuf bytes = content.content();
    lock.lock();
    try {
      if (content.decoderResult().isFailure()) {
        failure = new S3Exception(S3Error.BAD_REQUEST, "The body's chunks are broken.");
      }
      complete |= content instanceof LastHttpContent;
      receivedBytes += bytes.readableBytes();
      if (abandoned || !bytes.isReadable()) {
        content.release();
      } else {
        queue.add(bytes);
        queuedBytes += bytes.readableBytes();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Whether the end of the body has come.
  boolean complete() {
    lock.lock();
    try {
      return complete;
    } finally {
      lock.unlock();
    }
  }

  /// Whether more should be read from the client now. Where not, [Flow#resumeReading] will tell.
  boolean wantsMore() {
    lock.lock();
    try {
      int window = touched ? WINDOW_BYTES : FIRST_WINDOW_BYTES;
      paused = !complete && failure == null && queuedBytes >= window;
      return !complete && failure == null && !paused;
    } finally {
      lock.unlock();
    }
  }

  /// The body will not go on.
  void fail(RuntimeException cause) {
    lock.lock();
    try {
      if (!complete && failure == null) {
        failure = cause;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Nobody will read any more.
  void abandon() {
    lock.lock();
    try {
      abandoned = true;
      for (ByteBuf bytes : queue) {
        bytes.release();
      }
      queue.clear();
      queuedBytes = 0;
    } finally {
      lock.unlock();
    }
  }

  // What follows is for the request's thread.

  @Override
  public @Nullable ByteBuffer read() {
    releaseCurrent();
    boolean resume;
    ByteBuf next;
    lock.lock();
    try {
      touched = true;
      while (queue.isEmpty()) {
        if (failure != null) {
          throw failure;
        }
        if (complete) {
          return null;
        }
        letContinue();
        awaitBytes();
      }
      next = queue.remove();
      queuedBytes -= next.readableBytes();
      resume = paused && queuedBytes < WINDOW_BYTES;
      paused &= !resume;
    } finally {
      lock.unlock();
    }
    current = next;
    if (resume) {
      flow.resumeReading();
    }
    return next.nioBuffer();
  }

  /// Frees what the last read gave. To be called once the request is served.
  void releaseCurrent() {
    ByteBuf last = current;
    if (last != null) {
      current = null;
      last.release();
    }
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public boolean expectsContinue() {
    return expectsContinue;
  }

  @Override
  public boolean untouched() {
    lock.lock();
    try {
      return !touched;
    } finally {
      lock.unlock();
    }
  }

  /// Whether the connection can go on after this request: the rest of the body is known, small and
  /// on its way.
  boolean canBeSkipped() {
    lock.lock();
    try {
      if (failure != null) {
        return false;
      }
      if (complete) {
        return true;
      }
      boolean onItsWay = !expectsContinue || continueSent || receivedBytes > 0;
      return onItsWay && length >= 0 && length - receivedBytes <= limits.maxSkippedBytes();
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void letContinue() {
    if (expectsContinue && !continueSent && receivedBytes == 0) {
      continueSent = true;
      flow.sendContinue();
    }
  }

  /// Waits for bytes, or the end, for as long as the client's pace so far allows.
  @GuardedBy("lock")
  private void awaitBytes() {
    long patience = patienceNanos();
    long left = patience;
    try {
      while (queue.isEmpty() && !complete && failure == null) {
        if (left <= 0) {
          failure = new S3Exception(S3Error.REQUEST_TIMEOUT);
          break;
        }
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConnectionLostException("interrupted while waiting for a body");
    }
    waitedNanos += patience - Math.max(0, left);
  }

  @GuardedBy("lock")
  private long patienceNanos() {
    long idle = limits.bodyTimeout().toNanos();
    long earned =
        TimeUnit.MILLISECONDS.toNanos(receivedBytes * 1000 / limits.minBodyBytesPerSecond());
    return Math.max(0, Math.min(idle, idle + earned - waitedNanos));
  }
}
