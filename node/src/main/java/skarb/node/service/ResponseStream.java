package skarb.node.service;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.grpc.Context;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The messages of one call to a caller who may be slow: a thread of the call's own makes them, and
/// before each waits until gRPC has room. So a slow client slows the making, and a message or two
/// are in memory for it. The wait ends when there is room, or when the call has ended, however it
/// did.
final class ResponseStream<T> {
  /// Room is told of while less than a frame waits to be sent.
  private static final int READY_BYTES = 256 << 10;

  private final ServerCallStreamObserver<T> call;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  @GuardedBy("lock")
  private boolean ended;

  ResponseStream(ServerCallStreamObserver<T> call) {
    this.call = call;
  }

  /// Makes all messages of a call.
  interface Source {
    /// Runs on the call's own thread.
    void send();
  }

  /// Listens to the call; must run before its handler returns.
  void listen(Context context) {
    call.setOnReadyThreshold(READY_BYTES);
    call.setOnReadyHandler(this::wake);
    call.setOnCancelHandler(this::end);
    call.setOnCloseHandler(this::end);
    context.addListener(cancelled -> end(), Runnable::run);
  }

  /// Sends what a source makes, and ends the call.
  void run(Source source) {
    if (attempt(source)) {
      call.onCompleted();
    }
  }

  /// Sends what a source makes; more may follow.
  ///
  /// @return false where the call has ended, since nobody listens any more or the source failed
  boolean attempt(Source source) {
    try {
      source.send();
      return true;
    } catch (EndedException e) {
      return false;
    } catch (RuntimeException e) {
      call.onError(e);
      return false;
    }
  }

  /// Waits until there is room for a message: before it is made, so that it is not kept waiting.
  ///
  /// @throws RuntimeException where the call has ended: let it pass
  void awaitRoom() {
    lock.lock();
    try {
      while (!ended && !call.isReady()) {
        changed.awaitUninterruptibly();
      }
      if (ended) {
        throw new EndedException();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Sends a message.
  void send(T message) {
    call.onNext(message);
  }

  private void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// The call has ended while its messages are made.
  private static final class EndedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EndedException() {
      super("the call has ended", null, false, false);
    }
  }
}
