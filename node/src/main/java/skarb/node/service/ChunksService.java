package skarb.node.service;

import com.google.protobuf.ByteString;
import io.grpc.Context;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import skarb.node.model.ChunkId;
import skarb.node.model.Seams;
import skarb.node.oplog.MissingChunks;
import skarb.node.segment.ChunkStore;
import skarb.v1.ChunksGrpc;
import skarb.v1.FetchRequest;
import skarb.v1.FetchResponse;
import skarb.v1.FindMissingRequest;
import skarb.v1.FindMissingResponse;
import skarb.v1.ListMissingRequest;
import skarb.v1.ListMissingResponse;
import skarb.v1.PushRequest;
import skarb.v1.PushResponse;

/// `skarb.v1.Chunks`.
public final class ChunksService extends ChunksGrpc.ChunksImplBase {
  private static final int MOST = 1_000;
  private static final int MOST_EXCEPT = 10_000;
  private static final int MOST_WAIT_MILLIS = 30_000;

  private final Seams seams;
  private final ChunkStore chunks;
  private final MissingChunks missing;

  public ChunksService(Seams seams, ChunkStore chunks, MissingChunks missing) {
    this.seams = seams;
    this.chunks = chunks;
    this.missing = missing;
  }

  @Override
  public void listMissing(
      ListMissingRequest request, StreamObserver<ListMissingResponse> responses) {
    int limit = request.hasLimit() ? request.getLimit() : MOST;
    if (limit < 1 || limit > MOST) {
      throw Requests.invalid("limit", "1 to 1,000 chunks");
    }
    if (request.getWaitMillis() < 0 || request.getWaitMillis() > MOST_WAIT_MILLIS) {
      throw Requests.invalid("wait_millis", "at most 30,000 ms");
    }
    if (request.getExceptCount() > MOST_EXCEPT) {
      throw Requests.invalid("except", "at most 10,000 chunks");
    }
    Set<ChunkId> except = new HashSet<>(ids("except", request.getExceptList()));
    ListMissingResponse.Builder response = ListMissingResponse.newBuilder();
    missing
        .await(limit, except, Duration.ofMillis(request.getWaitMillis()))
        .forEach(id -> response.addChunks(bytes(id)));
    responses.onNext(response.build());
    responses.onCompleted();
  }

  @Override
  public void findMissing(
      FindMissingRequest request, StreamObserver<FindMissingResponse> responses) {
    FindMissingResponse.Builder response = FindMissingResponse.newBuilder();
    missing.among(asked(request.getChunksList())).forEach(id -> response.addChunks(bytes(id)));
    responses.onNext(response.build());
    responses.onCompleted();
  }

  @Override
  public StreamObserver<FetchRequest> fetch(StreamObserver<FetchResponse> responses) {
    ChunkFetchCall call =
        new ChunkFetchCall(
            seams.executor(), chunks, (ServerCallStreamObserver<FetchResponse>) responses);
    call.begin(Context.current());
    return call;
  }

  @Override
  public StreamObserver<PushRequest> push(StreamObserver<PushResponse> responses) {
    return new ChunkPushCall(chunks, missing, (ServerCallStreamObserver<PushResponse>) responses);
  }

  static List<ChunkId> asked(List<ByteString> chunks) {
    if (chunks.isEmpty() || chunks.size() > MOST) {
      throw Requests.invalid("chunks", "1 to 1,000 chunks");
    }
    return ids("chunks", chunks);
  }

  static List<ChunkId> ids(String field, List<ByteString> chunks) {
    return chunks.stream().map(each -> id(field, each)).toList();
  }

  static ChunkId id(String field, ByteString chunk) {
    if (chunk.size() != 32) {
      throw Requests.invalid(field, "a chunk is named by 32 bytes");
    }
    return ChunkId.of(chunk);
  }

  static ByteString bytes(ChunkId id) {
    return ByteString.copyFrom(id.toBytes());
  }
}
