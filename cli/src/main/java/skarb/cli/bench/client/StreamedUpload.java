package skarb.cli.bench.client;

import com.google.protobuf.ByteString;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import skarb.v1.Frame;

/// One upload in frames. The connection's own thread sends them, as many as it takes at a time: a
/// worker that sent each by itself would wait for that thread each time. The worker waits once, in
/// [#await]; until then the body is not its own.
///
/// @param <Q> messages of the upload
/// @param <A> its answers, of which the last one is the result
final class StreamedUpload<Q, A> implements ClientResponseObserver<Q, A> {
  private static final int FRAME_BYTES = 256 * 1024;

  private final Q header;
  private final Function<Frame, Q> framed;
  private final Q trailer;
  private final Body body;
  private final CountDownLatch ended = new CountDownLatch(1);

  // Of the connection's thread.
  private ByteBuffer piece = ByteBuffer.allocate(0);
  private int nextPiece;
  private boolean begun;
  private boolean sent;

  private volatile @Nullable A last;
  private volatile @Nullable Throwable failure;

  StreamedUpload(Q header, Function<Frame, Q> framed, Q trailer, Body body) {
    this.header = header;
    this.framed = framed;
    this.trailer = trailer;
    this.body = body;
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<Q> out) {
    out.setOnReadyHandler(() -> send(out));
  }

  private void send(ClientCallStreamObserver<Q> out) {
    if (!begun) {
      begun = true;
      out.onNext(header);
    }
    while (!sent && out.isReady()) {
      if (!piece.hasRemaining() && nextPiece < body.pieces()) {
        piece = body.piece(nextPiece++);
      }
      if (piece.hasRemaining()) {
        // Copied: gRPC may keep a message until it is sent.
        ByteString bytes = ByteString.copyFrom(piece, Math.min(FRAME_BYTES, piece.remaining()));
        out.onNext(framed.apply(Frame.newBuilder().setContent(bytes).build()));
      } else {
        sent = true;
        out.onNext(trailer);
        out.onCompleted();
      }
    }
  }

  @Override
  public void onNext(A answer) {
    last = answer;
  }

  @Override
  public void onError(Throwable error) {
    failure = error;
    ended.countDown();
  }

  @Override
  public void onCompleted() {
    ended.countDown();
  }

  /// Waits for the end.
  ///
  /// @return the last answer
  /// @throws IOException where there was none
  A await() throws IOException, InterruptedException {
    ended.await();
    Throwable error = failure;
    if (error != null) {
      throw GrpcClient.failure(error);
    }
    A answer = last;
    if (answer == null) {
      throw new IOException("an upload that ended without a result");
    }
    return answer;
  }
}
