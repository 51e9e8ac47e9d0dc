package skarb.s3.ops;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import skarb.v1.GetRequest;
import skarb.v1.GetResponse;

/// One download as a blocking thread sees it. Its first frame comes by itself; after [#readAhead] a
/// few more are asked for ahead, however slow the client is. Closing it before its end cancels the
/// call.
///
/// For one thread; gRPC's threads come in through the listener.
public final class DownloadStream implements AutoCloseable {
  private static final int AHEAD = 3;

  private final ClientCall<GetRequest, GetResponse> call;
  private final long idleNanos;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Of the one thread.
  private boolean readsAhead;

  @GuardedBy("lock")
  private final ArrayDeque<GetResponse> received = new ArrayDeque<>(AHEAD);

  @GuardedBy("lock")
  private @Nullable Status status;

  @GuardedBy("lock")
  private @Nullable Metadata trailers;

  DownloadStream(ClientCall<GetRequest, GetResponse> call, Duration idle) {
    this.call = call;
    this.idleNanos = idle.toNanos();
  }

  void start(GetRequest request) {
    call.start(new Listener(), new Metadata());
    call.request(1);
    call.sendMessage(request);
    call.halfClose();
  }

  /// From now on the next messages are asked for before they are needed.
  public void readAhead() {
    readsAhead = true;
    call.request(AHEAD);
  }

  /// The next message; null once the call has ended well.
  ///
  /// @throws StatusRuntimeException where it has not, or nothing comes in time
  public @Nullable GetResponse next() {
    GetResponse message;
    lock.lock();
    try {
      while (received.isEmpty() && status == null) {
        if (changed.awaitNanos(idleNanos) <= 0) {
          throw Status.DEADLINE_EXCEEDED
              .withDescription("the node sent nothing in time")
              .asRuntimeException();
        }
      }
      message = received.poll();
      if (message == null) {
        if (status != null && !status.isOk()) {
          throw new StatusRuntimeException(status, trailers);
        }
        return null;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Status.CANCELLED.withDescription("interrupted").asRuntimeException();
    } finally {
      lock.unlock();
    }
    if (readsAhead) {
      call.request(1);
    }
    return message;
  }

  /// Cancels the call unless it has ended.
  @Override
  public void close() {
    lock.lock();
    try {
      received.clear();
      if (status != null) {
        return;
      }
    } finally {
      lock.unlock();
    }
    call.cancel("the download was given up", null);
  }

  private final class Listener extends ClientCall.Listener<GetResponse> {
    @Override
    public void onMessage(GetResponse message) {
      lock.lock();
      try {
        received.add(message);
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void onClose(Status closedWith, Metadata with) {
      lock.lock();
      try {
        status = closedWith;
        trailers = with;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }
}
