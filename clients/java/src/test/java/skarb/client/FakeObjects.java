package skarb.client;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import skarb.v1.Checksums;
import skarb.v1.ContentRange;
import skarb.v1.DeleteBatchOutcome;
import skarb.v1.DeleteBatchRequest;
import skarb.v1.DeleteBatchResponse;
import skarb.v1.DeleteFailure;
import skarb.v1.DeleteResponse;
import skarb.v1.Frame;
import skarb.v1.GetRequest;
import skarb.v1.GetResponse;
import skarb.v1.ListRequest;
import skarb.v1.ListResponse;
import skarb.v1.ObjectInfo;
import skarb.v1.ObjectsGrpc;
import skarb.v1.PutRequest;
import skarb.v1.PutResponse;
import skarb.v1.PutResult;
import skarb.v1.UploadAccepted;
import skarb.v1.UploadHeader;
import skarb.v1.UploadRequest;
import skarb.v1.UploadResponse;

/// Objects by key, whatever the bucket.
final class FakeObjects extends ObjectsGrpc.ObjectsImplBase {
  static final int FRAME = 64 << 10;

  record Stored(ByteString content, ObjectInfo info) {}

  final Map<String, Stored> stored = new ConcurrentSkipListMap<>();
  final List<UploadHeader> headers = new CopyOnWriteArrayList<>();
  final List<Checksums> trailers = new CopyOnWriteArrayList<>();
  final List<GetRequest> gets = new CopyOnWriteArrayList<>();
  final List<String> pageTokens = new CopyOnWriteArrayList<>();

  /// Downloads that break after so many frames, how many of them.
  final AtomicInteger breaking = new AtomicInteger();

  /// Downloads whose first frame is damaged on its way, how many of them.
  final AtomicInteger damaging = new AtomicInteger();

  /// Whether downloads are never answered.
  volatile boolean silent;

  /// Frames sent by downloads.
  final AtomicInteger framesSent = new AtomicInteger();

  /// Bytes received by uploads.
  final AtomicLong bytesReceived = new AtomicLong();

  void store(String key, byte[] content) {
    store(key, content, crc32c(content));
  }

  void store(String key, byte[] content, Checksums checksums) {
    ByteString bytes = ByteString.copyFrom(content);
    stored.put(
        key,
        new Stored(
            bytes,
            ObjectInfo.newBuilder()
                .setBucket("b")
                .setKey(key)
                .setSize(bytes.size())
                .setEtag("e" + bytes.hashCode())
                .setChecksums(checksums)
                .build()));
  }

  static Checksums crc32c(byte[] content) {
    Digest digest = Digest.of(ChecksumAlgorithm.CRC32C);
    digest.update(ByteString.copyFrom(content));
    return Messages.checksums(ChecksumAlgorithm.CRC32C, digest.value());
  }

  @Override
  public void put(PutRequest request, StreamObserver<PutResponse> answers) {
    headers.add(request.getHeader());
    String key = request.getHeader().getKey();
    store(key, request.getContent().toByteArray(), request.getHeader().getExpected());
    answers.onNext(PutResponse.newBuilder().setResult(result(key)).build());
    answers.onCompleted();
  }

  PutResult result(String key) {
    ObjectInfo info = known(key).info();
    return PutResult.newBuilder()
        .setEtag(info.getEtag())
        .setSize(info.getSize())
        .setChecksums(info.getChecksums())
        .build();
  }

  private Stored known(String key) {
    Stored known = stored.get(key);
    if (known == null) {
      throw FakeNode.error(Status.Code.NOT_FOUND, "NO_SUCH_KEY");
    }
    return known;
  }

  @Override
  public StreamObserver<UploadRequest> upload(StreamObserver<UploadResponse> answers) {
    ServerCallStreamObserver<UploadResponse> call =
        (ServerCallStreamObserver<UploadResponse>) answers;
    call.disableAutoRequest();
    call.request(1);
    return new StreamObserver<>() {
      private String key = "";
      private ByteString content = ByteString.EMPTY;

      @Override
      public void onNext(UploadRequest request) {
        switch (request.getMessageCase()) {
          case HEADER -> {
            headers.add(request.getHeader());
            key = request.getHeader().getKey();
            call.onNext(
                UploadResponse.newBuilder()
                    .setAccepted(UploadAccepted.getDefaultInstance())
                    .build());
          }
          case FRAME -> {
            content = content.concat(checked(request.getFrame()));
            bytesReceived.addAndGet(request.getFrame().getContent().size());
          }
          case TRAILER -> {
            trailers.add(request.getTrailer().getExpected());
            store(key, content.toByteArray(), request.getTrailer().getExpected());
            call.onNext(UploadResponse.newBuilder().setResult(result(key)).build());
            call.onCompleted();
          }
          case MESSAGE_NOT_SET -> throw new IllegalArgumentException("a message without content");
        }
        call.request(1);
      }

      @Override
      public void onError(Throwable thrown) {}

      @Override
      public void onCompleted() {}
    };
  }

  static ByteString checked(Frame frame) {
    if (!frame.hasCrc32C() || frame.getCrc32C() != Digest.frameCrc(frame.getContent())) {
      throw FakeNode.error(Status.Code.INVALID_ARGUMENT, "FRAME_CHECKSUM_MISMATCH");
    }
    return frame.getContent();
  }

  @Override
  public void get(GetRequest request, StreamObserver<GetResponse> answers) {
    gets.add(request);
    if (silent) {
      return;
    }
    Stored known = stored.get(request.getKey());
    if (known == null) {
      answers.onError(FakeNode.error(Status.Code.NOT_FOUND, "NO_SUCH_KEY"));
      return;
    }
    ServerCallStreamObserver<GetResponse> call = (ServerCallStreamObserver<GetResponse>) answers;
    long first = request.getRange().getFirst();
    long end =
        request.getRange().hasLast()
            ? Math.min(request.getRange().getLast() + 1, known.info().getSize())
            : known.info().getSize();
    boolean breaks = breaking.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
    boolean damages = damaging.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
    List<GetResponse> messages = new ArrayList<>();
    for (long at = first; at < end; at += FRAME) {
      ByteString content = known.content().substring((int) at, (int) Math.min(end, at + FRAME));
      int crc = Digest.frameCrc(content) + (damages && at == first ? 1 : 0);
      messages.add(
          GetResponse.newBuilder()
              .setFrame(Frame.newBuilder().setContent(content).setCrc32C(crc))
              .build());
    }
    GetResponse head =
        GetResponse.newBuilder()
            .setInfo(known.info())
            .setRange(ContentRange.newBuilder().setFirst(first).setLength(end - first))
            .build();
    if (messages.isEmpty()) {
      messages.add(head);
    } else {
      messages.set(0, messages.get(0).toBuilder().mergeFrom(head).build());
    }
    if (breaks) {
      messages = messages.subList(0, Math.max(1, messages.size() / 2));
    }
    send(call, messages, breaks);
  }

  private void send(
      ServerCallStreamObserver<GetResponse> call, List<GetResponse> messages, boolean breaks) {
    int[] next = {0};
    call.setOnReadyHandler(() -> {
      while (call.isReady() && next[0] < messages.size()) {
        framesSent.incrementAndGet();
        call.onNext(messages.get(next[0]++));
        if (next[0] == messages.size()) {
          if (breaks) {
            call.onError(FakeNode.connectionLost());
          } else {
            call.onCompleted();
          }
        }
      }
    });
  }

  @Override
  public void deleteBatch(DeleteBatchRequest request, StreamObserver<DeleteBatchResponse> answers) {
    DeleteBatchResponse.Builder response = DeleteBatchResponse.newBuilder();
    request
        .getItemsList()
        .forEach(item -> {
          DeleteBatchOutcome.Builder outcome = response.addOutcomesBuilder();
          if (item.getKey().startsWith("locked")) {
            outcome.setFailure(
                DeleteFailure.newBuilder().setReason("ACCESS_DENIED").setMessage("no"));
          } else {
            outcome.setDeleted(DeleteResponse.getDefaultInstance());
          }
        });
    answers.onNext(response.build());
    answers.onCompleted();
  }

  @Override
  public void list(ListRequest request, StreamObserver<ListResponse> answers) {
    pageTokens.add(request.getPageToken());
    List<String> keys =
        stored.keySet().stream()
            .filter(key -> key.compareTo(request.getPageToken()) > 0)
            .limit(request.getPageSize())
            .toList();
    ListResponse.Builder page = ListResponse.newBuilder();
    keys.forEach(key -> page.addObjects(known(key).info()));
    if (!keys.isEmpty() && stored.keySet().stream().anyMatch(k -> k.compareTo(last(keys)) > 0)) {
      page.setNextPageToken(last(keys));
    }
    answers.onNext(page.build());
    answers.onCompleted();
  }

  private static String last(List<String> keys) {
    return keys.get(keys.size() - 1);
  }
}
