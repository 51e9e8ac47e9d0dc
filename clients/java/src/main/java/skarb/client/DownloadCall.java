package skarb.client;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.google.protobuf.ByteString;
import io.grpc.ClientCall;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import skarb.v1.ByteRange;
import skarb.v1.EtagCondition;
import skarb.v1.Frame;
import skarb.v1.GetRequest;
import skarb.v1.GetResponse;
import skarb.v1.ObjectsGrpc;
import skarb.v1.ReadConditions;

/// One download. Each frame is checked by its CRC-32C before it goes to the sink; a whole object by
/// its checksum before the download succeeds, where one over all bytes is stored.
///
/// Back-pressure is the asking: no more than [#FRAMES_AHEAD] frames are asked for beyond what the
/// sink is done with.
///
/// Where the connection breaks half way, the rest is asked for again: the same version, from the
/// first byte that is missing, on condition that the entity tag is still the same. Attempts are
/// counted anew once bytes have come.
///
/// gRPC calls one method of an attempt at a time, and an attempt begins after the end of the one
/// before; [#more] may come from any thread.
final class DownloadCall<T> {
  /// Frames on their way while one is taken.
  static final int FRAMES_AHEAD = 3;

  private final Connection connection;
  private final GetRequest request;
  private final DownloadSink<T> sink;
  private final @Nullable Deadline deadline;
  private final Releasing<T> result = new Releasing<>();

  private final ReentrantLock lock = new ReentrantLock();

  /// Frames that may be asked for, or are and did not come yet.
  @GuardedBy("lock")
  private int credits = FRAMES_AHEAD;

  @GuardedBy("lock")
  private @Nullable Attempt current;

  /// Whether an attempt has failed, and the next or the end has not begun.
  @GuardedBy("lock")
  private boolean pausing;

  // Of one attempt after the other.
  private int attempts;
  private skarb.v1.@Nullable ObjectInfo info;
  private @Nullable Digest digest;
  private long first;
  private long length;
  private long received;

  DownloadCall(
      Connection connection,
      GetRequest request,
      DownloadSink<T> sink,
      @Nullable Deadline deadline) {
    this.connection = connection;
    this.request = request;
    this.sink = sink;
    this.deadline = deadline;
  }

  /// Begins. Cancelling the future cancels the download.
  CompletableFuture<T> start() {
    Futures.onCancel(result, this::cancel);
    attempt();
    return result;
  }

  /// The sink is done with a frame.
  void more() {
    Attempt asked;
    lock.lock();
    try {
      credits++;
      asked = current;
    } finally {
      lock.unlock();
    }
    if (asked != null) {
      asked.idle.waitForServer(true);
      asked.call.request(1);
    }
  }

  private void cancel() {
    Attempt cancelled;
    lock.lock();
    try {
      cancelled = current;
    } finally {
      lock.unlock();
    }
    if (cancelled != null) {
      cancelled.call.cancel("cancelled by the caller", null);
    }
    if (endPause()) { // an attempt that ended before it was noted stays noted
      fail(new CancellationException());
    }
  }

  /// Comes before the look at whether the download was cancelled: what is cancelled later ends the
  /// pause.
  private void pause() {
    lock.lock();
    try {
      pausing = true;
    } finally {
      lock.unlock();
    }
  }

  /// @return whether there was a pause that nobody else has ended
  private boolean endPause() {
    lock.lock();
    try {
      boolean ended = pausing;
      pausing = false;
      return ended;
    } finally {
      lock.unlock();
    }
  }

  private void afterPause() {
    if (endPause()) {
      attempt();
    }
  }

  private void attempt() {
    if (result.isDone()) { // cancelled meanwhile
      fail(new CancellationException());
      return;
    }
    Attempt attempt;
    try {
      attempt = new Attempt();
    } catch (RuntimeException e) {
      fail(e);
      return;
    }
    attempts++;
    attempt.call.start(attempt, new Metadata());
    attempt.idle.start();
    int asked;
    lock.lock();
    try {
      current = attempt;
      asked = credits;
    } finally {
      lock.unlock();
    }
    attempt.idle.waitForServer(asked > 0);
    if (asked > 0) {
      attempt.call.request(asked);
    }
    try {
      attempt.call.sendMessage(info == null ? request : rest(info));
      attempt.call.halfClose();
    } catch (IllegalStateException e) { // cancelled meanwhile: onClose says why
      attempt.call.cancel("cancelled before it was sent", e);
    }
    if (result.isDone()) {
      attempt.call.cancel("cancelled by the caller", null);
    }
  }

  /// Asks for what has not come yet.
  private GetRequest rest(skarb.v1.ObjectInfo known) {
    GetRequest.Builder rest =
        GetRequest.newBuilder()
            .setBucket(request.getBucket())
            .setKey(request.getKey())
            .setRange(ByteRange.newBuilder().setFirst(first + received).setLast(first + length - 1))
            .setConditions(
                ReadConditions.newBuilder()
                    .setIfMatch(EtagCondition.newBuilder().addEtags(known.getEtag())));
    if (known.hasVersionId()) {
      rest.setVersionId(known.getVersionId());
    }
    return rest.build();
  }

  private void fail(Throwable failure) {
    try {
      sink.fail(failure);
    } finally {
      result.completeExceptionally(failure);
      result.release();
    }
  }

  private final class Attempt extends ClientCall.Listener<GetResponse> {
    private final ClientCall<GetRequest, GetResponse> call =
        connection.call(ObjectsGrpc.getGetMethod(), deadline);
    private final IdleWatch idle =
        new IdleWatch(connection.timer(), connection.config().idleLimit(), this::stalled);
    private final long receivedBefore = received;
    private boolean headSeen;
    private volatile @Nullable Throwable broken;
    private @Nullable String requestId;

    private void stalled() {
      abandon(
          SkarbException.local(
              Reason.STALLED, StatusCode.DEADLINE_EXCEEDED, "the download stood still"));
    }

    private void abandon(Throwable failure) {
      if (broken == null) {
        broken = failure;
      }
      call.cancel("the client gives up", failure);
    }

    @Override
    public void onHeaders(Metadata headers) {
      requestId = headers.get(Failures.REQUEST_ID);
    }

    @Override
    public void onMessage(GetResponse message) {
      if (broken != null) {
        return;
      }
      idle.waitForServer(false); // what follows is the sink's time
      boolean done = true;
      try {
        if (!headSeen) {
          headSeen = true;
          head(message);
        }
        if (message.hasFrame()) {
          done = frame(message.getFrame());
        }
      } catch (IOException | RuntimeException e) {
        abandon(e);
        return;
      }
      boolean expecting;
      lock.lock();
      try {
        credits--;
        expecting = credits > 0;
      } finally {
        lock.unlock();
      }
      idle.waitForServer(expecting);
      if (done) {
        more();
      }
    }

    private void head(GetResponse message) throws IOException {
      skarb.v1.ContentRange range = message.getRange();
      skarb.v1.ObjectInfo known = info;
      if (known == null) {
        info = message.getInfo();
        first = range.getFirst();
        length = range.getLength();
        if (length == message.getInfo().getSize()
            && Messages.checksumType(message.getInfo().getChecksumType())
                == ChecksumType.FULL_OBJECT) {
          digest = Digest.cheapestOf(message.getInfo().getChecksums());
        }
        sink.begin(Messages.objectInfo(message.getInfo()), Messages.range(range));
      } else if (!known.getEtag().equals(message.getInfo().getEtag())
          || range.getFirst() != first + received
          || range.getLength() != length - received) {
        throw SkarbException.local(
            Reason.PRECONDITION_FAILED,
            StatusCode.FAILED_PRECONDITION,
            "the object was replaced while it was read");
      }
    }

    private boolean frame(Frame frame) throws IOException {
      ByteString content = frame.getContent();
      if (frame.hasCrc32C() && frame.getCrc32C() != Digest.frameCrc(content)) {
        throw Failures.damaged("a frame does not have its checksum");
      }
      if (content.size() > length - received) {
        throw Failures.damaged("more bytes came than were announced");
      }
      Digest whole = digest;
      if (whole != null) {
        whole.update(content);
      }
      received += content.size();
      connection.config().progress().accept(content.size());
      return sink.accept(content);
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      idle.stop();
      lock.lock();
      try {
        current = null;
        // What was asked for and did not come is asked for again. Nothing else comes in between:
        // the next attempt begins after this.
      } finally {
        lock.unlock();
      }
      Throwable failure = broken;
      if (failure == null && info != null && received == length) {
        failure = complete(); // whatever the status: all of it came
      } else if (failure == null) {
        failure =
            status.isOk()
                ? Failures.damaged("the download ended early")
                : Failures.of(status, trailers, requestId);
      }
      if (failure == null) {
        return;
      }
      pause();
      if (received > receivedBefore) {
        attempts = 1;
      }
      if (failure instanceof SkarbException known
          && !result.isDone()
          && connection
              .retries()
              .later(Repeat.ALWAYS, deadline, known, attempts, DownloadCall.this::afterPause)) {
        return;
      }
      if (endPause()) {
        fail(failure);
      }
    }

    private @Nullable Throwable complete() {
      Digest whole = digest;
      skarb.v1.ObjectInfo known = info;
      if (whole != null
          && known != null
          && !Messages.checksum(known.getChecksums(), whole.algorithm()).equals(whole.value())) {
        return SkarbException.local(
            Reason.DATA_DAMAGED,
            StatusCode.DATA_LOSS,
            "the object does not have its " + whole.algorithm() + " checksum");
      }
      try {
        result.complete(sink.finish());
        result.release();
        return null;
      } catch (IOException | RuntimeException e) {
        return e;
      }
    }
  }
}
