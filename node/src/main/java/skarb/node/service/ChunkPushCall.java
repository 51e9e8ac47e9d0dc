package skarb.node.service;

import com.google.protobuf.ByteString;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import skarb.node.disk.Checksums;
import skarb.node.disk.ChunkRecordFormat;
import skarb.node.model.ChunkId;
import skarb.node.model.FrameBytes;
import skarb.node.model.NodeException;
import skarb.node.oplog.MissingChunks;
import skarb.node.segment.ChunkStore;
import skarb.node.segment.Pin;
import skarb.v1.ErrorReason;
import skarb.v1.Frame;
import skarb.v1.PushRequest;
import skarb.v1.PushResponse;

/// One stream of chunks from another site. A chunk is in memory whole, one at a time, and is stored
/// only if it has the hash that it came under. gRPC calls one method at a time.
final class ChunkPushCall implements StreamObserver<PushRequest> {
  private final ChunkStore chunks;
  private final MissingChunks missing;
  private final ServerCallStreamObserver<PushResponse> call;
  private final PushResponse.Builder response = PushResponse.newBuilder();
  private final List<Pin> pins = new ArrayList<>();
  private final List<ByteBuffer> frames = new ArrayList<>();
  private @Nullable ChunkId current;
  private int length;
  private long stored;
  private boolean ended;

  ChunkPushCall(
      ChunkStore chunks, MissingChunks missing, ServerCallStreamObserver<PushResponse> call) {
    this.chunks = chunks;
    this.missing = missing;
    this.call = call;
    call.disableAutoRequest();
    call.setOnCancelHandler(this::release);
    call.setOnCloseHandler(this::release);
    call.request(1);
  }

  @Override
  public void onNext(PushRequest request) {
    ChunkId id = ChunksService.id("chunk", request.getChunk());
    if (current != null && !current.equals(id)) {
      throw new NodeException(
          ErrorReason.ERROR_REASON_STREAM_PROTOCOL, "a chunk before the end of the one before");
    }
    current = id;
    add(request.getFrame());
    if (request.getLast()) {
      store(id, request.getChunk());
      current = null;
      frames.clear();
      length = 0;
    }
    call.request(1);
  }

  private void add(Frame frame) {
    List<ByteBuffer> content = FrameBytes.of(frame.getContent());
    if (frame.hasCrc32C()
        && frame.getCrc32C() != Checksums.crc32c(content.toArray(ByteBuffer[]::new))) {
      throw new NodeException(
          ErrorReason.ERROR_REASON_FRAME_CHECKSUM_MISMATCH, "a frame does not match its CRC-32C");
    }
    length += frame.getContent().size();
    if (length > ChunkRecordFormat.MAX_CHUNK_BYTES) {
      throw Requests.invalid("frame.content", "a chunk is over 4 MiB");
    }
    frames.addAll(content);
  }

  private void store(ChunkId id, ByteString name) {
    if (length == 0 || !ChunkId.ofContent(frames).equals(id)) {
      response.addDamaged(name);
      return;
    }
    pins.add(chunks.putIfAbsent(id, frames, length));
    stored++;
  }

  @Override
  public void onError(Throwable thrown) {
    release();
  }

  @Override
  public void onCompleted() {
    if (current != null) {
      release();
      throw new NodeException(
          ErrorReason.ERROR_REASON_STREAM_PROTOCOL, "the stream ended within a chunk");
    }
    try {
      chunks.force(pins);
      missing.await(1, Set.of(), Duration.ZERO); // notes the bodies that are whole by now
    } finally {
      release();
    }
    call.onNext(response.setStored(stored).build());
    call.onCompleted();
  }

  private void release() {
    if (!ended) {
      ended = true;
      pins.forEach(Pin::close);
    }
  }
}
