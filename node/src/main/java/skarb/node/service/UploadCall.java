package skarb.node.service;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import skarb.node.content.BodyWriter;
import skarb.node.model.NodeException;
import skarb.v1.ErrorReason;
import skarb.v1.Frame;
import skarb.v1.PutResult;
import skarb.v1.UploadAccepted;
import skarb.v1.UploadHeader;
import skarb.v1.UploadRequest;
import skarb.v1.UploadResponse;
import skarb.v1.UploadTrailer;

/// One upload: header, frames, trailer.
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
final class UploadCall implements StreamObserver<UploadRequest> {
  /// Frames on their way while one is written: enough to keep the pipe full, and few enough to
  /// bound what the gRPC layer holds for an upload.
  private static final int FRAMES_AHEAD = 3;

  private static final Duration RATE_WINDOW = Duration.ofSeconds(60);

  private final ObjectWriter objects;
  private final ServerCallStreamObserver<UploadResponse> call;
  private final int leastBytesPerSecond;
  private final LongSupplier nanoTime;

  private ObjectWriter.@Nullable Target target;
  private @Nullable BodyWriter writer;
  private boolean ended;

  private long waitingSinceNanos;
  private long waitedNanos;
  private long windowBytes;

  UploadCall(
      ObjectWriter objects,
      ServerCallStreamObserver<UploadResponse> call,
      int leastBytesPerSecond,
      LongSupplier nanoTime) {
    this.objects = objects;
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
  public void onNext(UploadRequest request) {
    if (ended) {
      return;
    }
    try {
      switch (request.getMessageCase()) {
        case HEADER -> header(request.getHeader());
        case FRAME -> frame(request.getFrame());
        case TRAILER -> trailer(request.getTrailer());
        case MESSAGE_NOT_SET -> throw protocol("a message without content");
      }
    } catch (InterruptedException e) {
      abandon();
      throw ObjectWriter.interrupted();
    } catch (RuntimeException e) {
      abandon();
      throw e;
    }
  }

  private void header(UploadHeader header) {
    if (target != null) {
      throw protocol("a second header");
    }
    target = objects.begin(header, CallLimits.MAX_UPLOAD_BYTES);
    writer = objects.open(target);
    waitingSinceNanos = nanoTime.getAsLong();
    call.onNext(
        UploadResponse.newBuilder().setAccepted(UploadAccepted.getDefaultInstance()).build());
    call.request(1 + FRAMES_AHEAD);
  }

  private void frame(Frame frame) throws InterruptedException {
    BodyWriter body = writer;
    if (body == null) {
      throw protocol("a frame before the header");
    }
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

  private void trailer(UploadTrailer trailer) throws InterruptedException {
    BodyWriter body = writer;
    ObjectWriter.Target written = target;
    if (body == null || written == null) {
      throw protocol("a trailer before the header");
    }
    Requests.checkChecksums("expected", trailer.getExpected());
    PutResult result = objects.commit(written, body.finish(trailer.getExpected()));
    ended = true;
    call.onNext(UploadResponse.newBuilder().setResult(result).build());
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
    BodyWriter open = writer;
    if (open != null) {
      open.close();
    }
  }

  private static NodeException protocol(String message) {
    return new NodeException(ErrorReason.ERROR_REASON_STREAM_PROTOCOL, message);
  }
}
