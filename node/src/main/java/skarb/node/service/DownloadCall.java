package skarb.node.service;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.google.protobuf.ByteString;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import skarb.node.content.BodyReader;
import skarb.node.model.NodeException;
import skarb.node.segment.FrameSink;
import skarb.v1.ErrorReason;
import skarb.v1.Frame;
import skarb.v1.GetResponse;

/// One download: the object and its first frame in one message, then a frame a message.
///
/// A thread of its own reads and sends, and before each frame waits until gRPC has room: so a slow
/// client slows the reading, and a frame or two are in memory for it. The wait ends when there is
/// room, or when the call has ended, however it did.
final class DownloadCall implements FrameSink {
  /// Room is told of while less than a frame waits to be sent.
  private static final int READY_BYTES = 256 << 10;

  private final ServerCallStreamObserver<GetResponse> call;
  private final ObjectFinder.Found found;
  private final BodyReader reader;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  @GuardedBy("lock")
  private boolean ended;

  /// Of the reading thread.
  private boolean started;

  DownloadCall(
      ServerCallStreamObserver<GetResponse> call, ObjectFinder.Found found, BodyReader reader) {
    this.call = call;
    this.found = found;
    this.reader = reader;
  }

  /// Listens to the call; must run before its handler returns.
  void listen(io.grpc.Context context) {
    call.setOnReadyThreshold(READY_BYTES);
    call.setOnReadyHandler(this::wake);
    call.setOnCancelHandler(this::end);
    call.setOnCloseHandler(this::end);
    context.addListener(cancelled -> end(), Runnable::run);
  }

  /// Reads and sends, on the thread that is its own.
  void run() {
    try {
      reader.read(
          found.body().getManifest(), found.range().getFirst(), found.range().getLength(), this);
      if (!started) {
        call.onNext(first().build());
      }
      call.onCompleted();
    } catch (EndedException e) {
      // nobody listens any more
    } catch (NodeException e) {
      call.onError(e.reason() == ErrorReason.ERROR_REASON_DATA_DAMAGED ? damaged(e) : e);
    } catch (RuntimeException e) {
      call.onError(e);
    }
  }

  @Override
  public void frame(ByteString content, int crc32c) {
    awaitRoom();
    Frame frame = Frame.newBuilder().setContent(content).setCrc32C(crc32c).build();
    call.onNext((started ? GetResponse.newBuilder() : first()).setFrame(frame).build());
    started = true;
  }

  private GetResponse.Builder first() {
    return GetResponse.newBuilder().setInfo(found.info()).setRange(found.range());
  }

  private void awaitRoom() {
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

  private NodeException damaged(NodeException failure) {
    String message = failure.getMessage();
    return new NodeException(
        ErrorReason.ERROR_REASON_DATA_DAMAGED,
        message == null ? "" : message,
        Map.of("bucket", found.info().getBucket(), "key", found.info().getKey()));
  }

  /// The call has ended while the reading goes on.
  private static final class EndedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EndedException() {
      super("the call has ended", null, false, false);
    }
  }
}
