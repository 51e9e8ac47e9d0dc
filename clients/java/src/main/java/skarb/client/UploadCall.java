package skarb.client;

import com.google.protobuf.ByteString;
import io.grpc.ClientCall;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.Status;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import skarb.v1.Frame;

/// One attempt to send a body:
///
/// ```
///  header    →
///            ← accepted    the bucket, the conditions and the caller hold so far
///  frames    →             one whenever gRPC has room, each with its CRC-32C
///  trailer   →             the checksum of the whole, computed on the way
///            ← result      it is on disk, and the node found the same checksum
/// ```
///
/// Nothing of the body is read before it is accepted, so that a refusal leaves a stream as it was.
/// gRPC has room while less than a frame waits to be sent: a frame or two are in memory, however
/// slow the network is.
///
/// gRPC calls one method at a time, on threads that may block.
final class UploadCall<Q, A, R> extends ClientCall.Listener<A> {
  /// The most that the protocol lets a frame have.
  static final int FRAME_BYTES = 256 << 10;

  private final UploadProtocol<Q, A, R> protocol;
  private final Body body;
  private final Digest digest;
  private final ClientCall<Q, A> call;
  private final IdleWatch idle;
  private final LongConsumer progress;
  private final CompletableFuture<R> result = new CompletableFuture<>();

  private Body.@Nullable Reader reader;
  private boolean trailerSent;
  private ByteString checksum = ByteString.EMPTY;
  private @Nullable R stored;
  private @Nullable String requestId;

  private UploadCall(
      Connection connection,
      UploadProtocol<Q, A, R> protocol,
      Body body,
      Digest digest,
      ClientCall<Q, A> call) {
    this.protocol = protocol;
    this.body = body;
    this.digest = digest;
    this.call = call;
    this.progress = connection.config().progress();
    this.idle = new IdleWatch(connection.timer(), connection.config().idleLimit(), this::stalled);
  }

  /// Begins. Cancelling the future cancels the upload; nothing is stored then, unless the node has
  /// the trailer already.
  static <Q, A, R> CompletableFuture<R> start(
      Connection connection,
      UploadProtocol<Q, A, R> protocol,
      Body body,
      ChecksumAlgorithm algorithm,
      @Nullable Deadline deadline) {
    ClientCall<Q, A> call = connection.call(protocol.method(), deadline);
    UploadCall<Q, A, R> upload =
        new UploadCall<>(connection, protocol, body, Digest.of(algorithm), call);
    upload.idle.start();
    call.start(upload, new Metadata());
    call.request(2);
    call.sendMessage(protocol.header());
    Futures.onCancel(upload.result, () -> call.cancel("cancelled by the caller", null));
    return upload.result;
  }

  @Override
  public void onHeaders(Metadata headers) {
    requestId = headers.get(Failures.REQUEST_ID);
  }

  @Override
  public void onMessage(A message) {
    idle.moved();
    Optional<R> told = protocol.result().apply(message);
    if (told.isPresent()) {
      stored = told.get();
    } else if (protocol.accepted().test(message) && reader == null) {
      reader = body.open();
      send();
    }
  }

  @Override
  public void onReady() {
    send();
  }

  /// Sends what there is room for.
  private void send() {
    Body.Reader source = reader;
    if (source == null) {
      return;
    }
    try {
      while (!trailerSent && !result.isDone() && call.isReady()) {
        idle.waitForServer(false);
        ByteString piece = source.next(FRAME_BYTES);
        idle.waitForServer(true);
        if (piece == null) {
          trailerSent = true;
          checksum = digest.value();
          call.sendMessage(
              protocol.trailer().apply(Messages.checksums(digest.algorithm(), checksum)));
          call.halfClose();
        } else {
          digest.update(piece);
          call.sendMessage(protocol.frame().apply(frame(piece)));
          progress.accept(piece.size());
        }
      }
    } catch (IOException | RuntimeException e) {
      result.completeExceptionally(e);
      call.cancel("the body cannot be read", e);
    }
  }

  private static Frame frame(ByteString content) {
    return Frame.newBuilder().setContent(content).setCrc32C(Digest.frameCrc(content)).build();
  }

  private void stalled() {
    result.completeExceptionally(
        SkarbException.local(
            Reason.STALLED, StatusCode.DEADLINE_EXCEEDED, "the upload stood still"));
    call.cancel("the upload stood still", null);
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    idle.stop();
    R written = stored;
    if (!status.isOk()) {
      result.completeExceptionally(Failures.of(status, trailers, requestId));
    } else if (written == null) {
      result.completeExceptionally(Failures.damaged("the upload ended without a result"));
    } else if (storedOtherwise(written)) {
      result.completeExceptionally(Failures.damaged("what is stored has another checksum"));
    } else {
      result.complete(written);
    }
  }

  private boolean storedOtherwise(R written) {
    ByteString told = Messages.checksum(protocol.checksums().apply(written), digest.algorithm());
    return !told.isEmpty() && !told.equals(checksum);
  }
}
