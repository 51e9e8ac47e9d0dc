package skarb.s3.ops;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import skarb.v1.Checksums;
import skarb.v1.Frame;
import skarb.v1.UploadTrailer;

/// One streamed upload as a blocking thread sees it. Frames wait until the call is ready for them,
/// so that no more than gRPC's own window is ever held. Closing it before [#finish] cancels, and
/// nothing is stored.
///
/// For one thread; gRPC's threads come in through the listener.
///
/// @param <ReqT> the messages that are sent
/// @param <RespT> the messages that come back
/// @param <ResultT> what was stored
public final class UploadStream<ReqT, RespT, ResultT> implements AutoCloseable {
  private final ClientCall<ReqT, RespT> call;
  private final UploadMessages<ReqT, RespT, ResultT> messages;
  private final long idleNanos;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  @GuardedBy("lock")
  private boolean accepted;

  @GuardedBy("lock")
  private @Nullable ResultT result;

  @GuardedBy("lock")
  private @Nullable StatusRuntimeException failure;

  @GuardedBy("lock")
  private boolean closed;

  UploadStream(
      ClientCall<ReqT, RespT> call, UploadMessages<ReqT, RespT, ResultT> messages, Duration idle) {
    this.call = call;
    this.messages = messages;
    this.idleNanos = idle.toNanos();
  }

  void start(ReqT header) {
    call.start(new Listener(), new Metadata());
    call.request(2); // accepted and result: there are no others
    try {
      call.sendMessage(header);
      awaitAccepted();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /// Sends bytes, which are not copied and must not change any more.
  ///
  /// @throws StatusRuntimeException where the node has ended the upload
  public void send(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    ByteString content = UnsafeByteOperations.unsafeWrap(bytes, 0, length);
    awaitReady();
    call.sendMessage(
        messages.frame(
            Frame.newBuilder().setContent(content).setCrc32C((int) crc.getValue()).build()));
  }

  /// Ends the upload and waits until the bytes are on disk.
  ///
  /// @param trailing checksums that came after the body
  /// @throws StatusRuntimeException where nothing was stored
  public ResultT finish(Checksums trailing) {
    awaitReady();
    call.sendMessage(messages.trailer(UploadTrailer.newBuilder().setExpected(trailing).build()));
    call.halfClose();
    lock.lock();
    try {
      awaitUntil(Awaited.END);
      if (failure != null) {
        throw failure;
      }
      if (result == null) {
        throw Status.INTERNAL.withDescription("upload without result").asRuntimeException();
      }
      return result;
    } finally {
      lock.unlock();
    }
  }

  /// Cancels the upload unless it has ended.
  @Override
  public void close() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
    } finally {
      lock.unlock();
    }
    call.cancel("the upload was given up", null);
  }

  private void awaitAccepted() {
    lock.lock();
    try {
      awaitUntil(Awaited.ACCEPTANCE);
      checkOpen();
    } finally {
      lock.unlock();
    }
  }

  private void awaitReady() {
    lock.lock();
    try {
      awaitUntil(Awaited.ROOM);
      checkOpen();
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void checkOpen() {
    if (failure != null) {
      throw failure;
    }
    if (closed) {
      throw Status.INTERNAL.withDescription("upload ended early").asRuntimeException();
    }
  }

  /// Waits for the node; the end of the call ends every waiting.
  @GuardedBy("lock")
  private void awaitUntil(Awaited what) {
    long left = idleNanos;
    try {
      while (!closed && !has(what)) {
        if (left <= 0) {
          throw Status.DEADLINE_EXCEEDED
              .withDescription("the node gave no " + what + " in time")
              .asRuntimeException();
        }
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Status.CANCELLED.withDescription("interrupted").asRuntimeException();
    }
  }

  @GuardedBy("lock")
  private boolean has(Awaited what) {
    return switch (what) {
      case ACCEPTANCE -> accepted;
      case ROOM -> call.isReady();
      case END -> closed;
    };
  }

  private enum Awaited {
    ACCEPTANCE,
    ROOM,
    // The result counts only once the call has ended well.
    END
  }

  private final class Listener extends ClientCall.Listener<RespT> {
    @Override
    public void onMessage(RespT message) {
      lock.lock();
      try {
        accepted |= messages.accepted(message);
        messages.result(message).ifPresent(stored -> result = stored);
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void onReady() {
      lock.lock();
      try {
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      lock.lock();
      try {
        closed = true;
        if (!status.isOk()) {
          failure = status.asRuntimeException(trailers);
        }
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }
}
