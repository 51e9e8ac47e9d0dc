package skarb.node.service;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.concurrent.locks.ReentrantLock;
import skarb.node.model.NodeException;

/// A call that may be answered by its handler and ended by a timer at once: the first to close it
/// wins, and what is sent afterwards goes nowhere. Closing it with a cause maps the cause.
///
/// Safe for any thread; gRPC's own calls are not.
final class GuardedCall<Q, A> extends SimpleForwardingServerCall<Q, A> {
  private final String requestId;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private boolean closed;

  GuardedCall(ServerCall<Q, A> call, String requestId) {
    super(call);
    this.requestId = requestId;
  }

  @Override
  public void sendHeaders(Metadata headers) {
    lock.lock();
    try {
      if (!closed) {
        headers.put(CallKeys.REQUEST_ID_METADATA, requestId);
        super.sendHeaders(headers);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void sendMessage(A message) {
    lock.lock();
    try {
      if (!closed) {
        super.sendMessage(message);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Whatever the handler failed with travels as the cause of the status: gRPC's stubs turn
  /// `onError(anything)` into UNKNOWN with it.
  @Override
  public void close(Status status, Metadata trailers) {
    StatusMapper.Closing closing = closing(status, trailers);
    closing.trailers().put(CallKeys.REQUEST_ID_METADATA, requestId);
    lock.lock();
    try {
      if (!closed) {
        closed = true;
        super.close(closing.status(), closing.trailers());
      }
    } finally {
      lock.unlock();
    }
  }

  private StatusMapper.Closing closing(Status status, Metadata trailers) {
    Throwable cause = status.getCause();
    if (cause instanceof NodeException
        || (cause != null && status.getCode() == Status.Code.UNKNOWN)) {
      return StatusMapper.map(cause, requestId);
    }
    return new StatusMapper.Closing(status, trailers);
  }

  /// Ends the call with a failure.
  void fail(Throwable failure) {
    close(Status.UNKNOWN.withCause(failure), new Metadata());
  }
}
