package skarb.node.service;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.grpc.Context;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import skarb.node.model.ChunkId;
import skarb.node.model.NodeException;
import skarb.node.segment.ChunkStore;
import skarb.node.segment.Pin;
import skarb.v1.ErrorReason;
import skarb.v1.FetchRequest;
import skarb.v1.FetchResponse;
import skarb.v1.Frame;

/// One stream of chunks to another site. Each request is answered, on a thread of its own, before
/// the next one is asked for; each frame waits until gRPC has room for it.
final class ChunkFetchCall implements StreamObserver<FetchRequest> {
  private final Executor threads;
  private final ChunkStore chunks;
  private final ServerCallStreamObserver<FetchResponse> call;
  private final ResponseStream<FetchResponse> stream;
  private final ReentrantLock lock = new ReentrantLock();

  /// Whether a request is being answered, and whether the caller has said that there are no more.
  @GuardedBy("lock")
  private boolean busy;

  @GuardedBy("lock")
  private boolean last;

  ChunkFetchCall(
      Executor threads, ChunkStore chunks, ServerCallStreamObserver<FetchResponse> call) {
    this.threads = threads;
    this.chunks = chunks;
    this.call = call;
    this.stream = new ResponseStream<>(call);
  }

  void begin(Context context) {
    call.disableAutoRequest();
    stream.listen(context);
    call.request(1);
  }

  @Override
  public void onNext(FetchRequest request) {
    List<ChunkId> asked = ChunksService.asked(request.getChunksList());
    lock.lock();
    try {
      busy = true;
    } finally {
      lock.unlock();
    }
    threads.execute(() -> answer(asked));
  }

  private void answer(List<ChunkId> asked) {
    if (!stream.attempt(() -> asked.forEach(this::send))) {
      return;
    }
    boolean complete;
    lock.lock();
    try {
      busy = false;
      complete = last;
    } finally {
      lock.unlock();
    }
    if (complete) {
      call.onCompleted();
    } else {
      call.request(1);
    }
  }

  /// A chunk in frames, the last one marked. One that turns out damaged on the way is given up:
  /// what was sent of it does not match its hash without the rest.
  private void send(ChunkId id) {
    Optional<Pin> found = chunks.pin(id);
    if (found.isEmpty()) {
      sendAbsent(id);
      return;
    }
    try (Pin pin = found.get()) {
      int[] left = {pin.length()};
      chunks.read(
          id,
          0,
          pin.length(),
          (content, crc32c) -> {
            left[0] -= content.size();
            stream.awaitRoom();
            stream.send(
                FetchResponse.newBuilder()
                    .setChunk(ChunksService.bytes(id))
                    .setFrame(Frame.newBuilder().setContent(content).setCrc32C(crc32c))
                    .setLast(left[0] == 0)
                    .build());
          });
    } catch (NodeException e) {
      if (e.reason() != ErrorReason.ERROR_REASON_DATA_DAMAGED) {
        throw e;
      }
      sendAbsent(id);
    }
  }

  private void sendAbsent(ChunkId id) {
    stream.awaitRoom();
    stream.send(
        FetchResponse.newBuilder().setChunk(ChunksService.bytes(id)).setAbsent(true).build());
  }

  @Override
  public void onError(Throwable thrown) {
    // the stream hears of it
  }

  @Override
  public void onCompleted() {
    boolean complete;
    lock.lock();
    try {
      last = true;
      complete = !busy;
    } finally {
      lock.unlock();
    }
    if (complete) {
      call.onCompleted();
    }
  }
}
