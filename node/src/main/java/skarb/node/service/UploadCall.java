package skarb.node.service;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import skarb.node.content.BodyWriter;
import skarb.node.model.NodeException;
import skarb.v1.Checksums;
import skarb.v1.ErrorReason;
import skarb.v1.Frame;

/// One upload, of an object or of a part: header, frames, trailer.
///
/// ```
///  header   caller, bucket, conditions so far?      → accepted, and a few frames are asked for
///  frame    handed to the writer, which may block   → one more is asked for
///  trailer  checksums, force, commit                → result
/// ```
///
/// Back-pressure is the asking: while the writer blocks nothing more is asked for, and gRPC's flow
/// control holds the client. Nothing is committed without the trailer, whatever ends the stream.
///
/// The client must bring a least rate while the node waits for it; the time that the node itself
/// takes does not count. Standing still altogether is ended by [DeadlineInterceptor].
///
/// gRPC calls one method at a time, each on some virtual thread, so blocking is fine and no lock is
/// needed.
///
/// @param <Q> what the caller sends
/// @param <A> what it is answered
final class UploadCall<Q, A> implements StreamObserver<Q> {
  /// Frames on their way while one is written: enough to keep the pipe full, and few enough to
  /// bound what the gRPC layer holds for an upload.
  private static final int FRAMES_AHEAD = 3;

  private static final Duration RATE_WINDOW = Duration.ofSeconds(60);

  private final UploadStream<Q, A> stream;
  private final ServerCallStreamObserver<A> call;
  private final int leastBytesPerSecond;
  private final LongSupplier nanoTime;

  private UploadStream.@Nullable Opened<A> upload;
  private boolean ended;

  private long waitingSinceNanos;
  private long waitedNanos;
  private long windowBytes;

  UploadCall(
      UploadStream<Q, A> stream,
      ServerCallStreamObserver<A> call,
      int leastBytesPerSecond,
      LongSupplier nanoTime) {
    this.stream = stream;
    this.call = call;
    this.leastBytesPerSecond = leastBytesPerSecond;
    this.nanoTime = nanoTime;
  }

  /// Asks for the header.
  void start() {
    call.disableAutoRequest();
    call.setOnCancelHandler(this::abandon);
    call.setOnCloseHandler(this::abandon);
    call.request(1);
  }

  @Override
  public void onNext(Q request) {
    if (ended) {
      return;
    }
    try {
      switch (stream.kind(request)) {
        case HEADER -> header(request);
        case FRAME -> frame(stream.frame(request));
        case TRAILER -> trailer(stream.expected(request));
        case NOTHING -> throw protocol("a message without content");
      }
    } catch (InterruptedException e) {
      abandon();
      throw ObjectWriter.interrupted();
    } catch (RuntimeException e) {
      abandon();
      throw e;
    }
  }

  private void header(Q header) {
    if (upload != null) {
      throw protocol("a second header");
    }
    upload = stream.open(header);
    waitingSinceNanos = nanoTime.getAsLong();
    call.onNext(stream.accepted());
    call.request(1 + FRAMES_AHEAD);
  }

  private void frame(Frame frame) throws InterruptedException {
    if (upload == null) {
      throw protocol("a frame before the header");
    }
    BodyWriter body = upload.writer();
    if (frame.getContent().size() > CallLimits.MAX_FRAME_BYTES) {
      throw Requests.invalid("frame.content", "a frame is over 256 KiB");
    }
    checkRate(frame.getContent().size());
    if (frame.hasCrc32C()) {
      body.write(frame.getContent(), frame.getCrc32C());
    } else {
      body.write(frame.getContent());
    }
    waitingSinceNanos = nanoTime.getAsLong();
    call.request(1);
  }

  private void checkRate(int bytes) {
    waitedNanos += nanoTime.getAsLong() - waitingSinceNanos;
    windowBytes += bytes;
    if (waitedNanos < RATE_WINDOW.toNanos()) {
      return;
    }
    if (windowBytes < leastBytesPerSecond * Duration.ofNanos(waitedNanos).toSeconds()) {
      throw new NodeException(
          ErrorReason.ERROR_REASON_REQUEST_TIMEOUT, "the body came below the least rate");
    }
    waitedNanos = 0;
    windowBytes = 0;
  }

  private void trailer(Checksums expected) throws InterruptedException {
    if (upload == null) {
      throw protocol("a trailer before the header");
    }
    Requests.checkChecksums("expected", expected);
    A result = upload.finish(expected);
    ended = true;
    call.onNext(result);
    call.onCompleted();
  }

  @Override
  public void onError(Throwable thrown) {
    abandon();
  }

  @Override
  public void onCompleted() {
    if (!ended) {
      abandon();
      throw protocol("the stream ended before the trailer: nothing is stored");
    }
  }

  /// Nothing of it will be: the memory and the chunks that it held are given back.
  private void abandon() {
    ended = true;
    UploadStream.Opened<A> open = upload;
    if (open != null) {
      open.writer().close();
    }
  }

  private static NodeException protocol(String message) {
    return new NodeException(ErrorReason.ERROR_REASON_STREAM_PROTOCOL, message);
  }
}
