package skarb.s3.fake;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import skarb.s3.fake.FakeStore.Stored;
import skarb.v1.ByteRange;
import skarb.v1.Checksums;
import skarb.v1.ContentRange;
import skarb.v1.DeleteBatchItem;
import skarb.v1.DeleteBatchOutcome;
import skarb.v1.DeleteBatchRequest;
import skarb.v1.DeleteBatchResponse;
import skarb.v1.DeleteFailure;
import skarb.v1.DeleteRequest;
import skarb.v1.DeleteResponse;
import skarb.v1.ErrorReason;
import skarb.v1.Frame;
import skarb.v1.GetRequest;
import skarb.v1.GetResponse;
import skarb.v1.HeadRequest;
import skarb.v1.HeadResponse;
import skarb.v1.ListRequest;
import skarb.v1.ListResponse;
import skarb.v1.ObjectsGrpc;
import skarb.v1.PutRequest;
import skarb.v1.PutResponse;
import skarb.v1.ReadConditions;
import skarb.v1.UploadAccepted;
import skarb.v1.UploadHeader;
import skarb.v1.UploadRequest;
import skarb.v1.UploadResponse;

/// Objects in memory, with switches for what a real node does rarely.
public final class FakeObjects extends ObjectsGrpc.ObjectsImplBase {
  private static final int FRAME_BYTES = 256 * 1024;

  private final FakeStore store;
  private volatile int breakAfterFrames = Integer.MAX_VALUE;
  private volatile boolean damageFrames;
  private volatile boolean holdUploads;
  private final AtomicInteger framesTaken = new AtomicInteger();
  private final AtomicInteger framesSent = new AtomicInteger();
  private final AtomicInteger uploadsCancelled = new AtomicInteger();

  FakeObjects(FakeStore store) {
    this.store = store;
  }

  /// Downloads fail after so many frames.
  public void breakDownloadsAfter(int frames) {
    breakAfterFrames = frames;
  }

  /// Frames do not match their checksums.
  public void damageFrames() {
    damageFrames = true;
  }

  /// Uploads take no frame until further notice.
  public void holdUploads() {
    holdUploads = true;
  }

  /// Frames of all uploads so far.
  public int framesTaken() {
    return framesTaken.get();
  }

  /// Frames of all downloads so far.
  public int framesSent() {
    return framesSent.get();
  }

  /// Uploads that ended before their trailer.
  public int uploadsCancelled() {
    return uploadsCancelled.get();
  }

  @Override
  public void put(PutRequest request, StreamObserver<PutResponse> out) {
    FakeBuckets.answer(
        out,
        () ->
            PutResponse.newBuilder()
                .setResult(
                    store.put(
                        request.getHeader(), request.getContent(), Checksums.getDefaultInstance()))
                .build());
  }

  @Override
  public StreamObserver<UploadRequest> upload(StreamObserver<UploadResponse> out) {
    ServerCallStreamObserver<UploadResponse> call = (ServerCallStreamObserver<UploadResponse>) out;
    call.disableAutoRequest();
    call.request(1);
    return new Upload(call);
  }

  private final class Upload implements StreamObserver<UploadRequest> {
    private final ServerCallStreamObserver<UploadResponse> out;
    private UploadHeader header = UploadHeader.getDefaultInstance();
    private ByteString content = ByteString.EMPTY;
    private boolean over;

    Upload(ServerCallStreamObserver<UploadResponse> out) {
      this.out = out;
    }

    @Override
    public void onNext(UploadRequest message) {
      try {
        switch (message.getMessageCase()) {
          case HEADER -> {
            header = message.getHeader();
            store.checkWrite(header.getBucket(), header.getKey(), header.getConditions());
            out.onNext(
                UploadResponse.newBuilder()
                    .setAccepted(UploadAccepted.getDefaultInstance())
                    .build());
          }
          case FRAME -> {
            framesTaken.incrementAndGet();
            take(message.getFrame());
          }
          case TRAILER -> {
            over = true;
            out.onNext(
                UploadResponse.newBuilder()
                    .setResult(store.put(header, content, message.getTrailer().getExpected()))
                    .build());
            out.onCompleted();
          }
          case MESSAGE_NOT_SET -> throw Errors.invalid(ErrorReason.ERROR_REASON_STREAM_PROTOCOL);
        }
        if (!holdUploads) {
          out.request(1);
        }
      } catch (StatusRuntimeException e) {
        over = true;
        out.onError(e);
      }
    }

    private void take(Frame frame) {
      if (frame.getContent().size() > FRAME_BYTES) {
        throw Errors.invalid(ErrorReason.ERROR_REASON_INVALID_ARGUMENT);
      }
      if (frame.getCrc32C() != crc(frame.getContent())) {
        throw Errors.invalid(ErrorReason.ERROR_REASON_FRAME_CHECKSUM_MISMATCH);
      }
      content = content.concat(frame.getContent());
    }

    @Override
    public void onError(Throwable cause) {
      if (!over) {
        uploadsCancelled.incrementAndGet();
      }
    }

    @Override
    public void onCompleted() {
      if (!over) {
        out.onError(Errors.invalid(ErrorReason.ERROR_REASON_STREAM_PROTOCOL));
      }
    }
  }

  @Override
  public void get(GetRequest request, StreamObserver<GetResponse> out) {
    Stored stored;
    ContentRange range;
    try {
      stored = store.get(request.getBucket(), request.getKey());
      checkRead(stored, request.getConditions());
      checkPart(request.getPartNumber());
      range = range(request.hasRange() ? request.getRange() : null, stored.content().size());
    } catch (StatusRuntimeException e) {
      out.onError(e);
      return;
    }
    new Download(stored, range, (ServerCallStreamObserver<GetResponse>) out).start();
  }

  private final class Download {
    private final Stored stored;
    private final ContentRange range;
    private final ServerCallStreamObserver<GetResponse> out;
    private long sent;
    private int frames;
    private boolean over;

    Download(Stored stored, ContentRange range, ServerCallStreamObserver<GetResponse> out) {
      this.stored = stored;
      this.range = range;
      this.out = out;
    }

    void start() {
      out.setOnReadyHandler(this::sendWhileReady);
      out.setOnCancelHandler(() -> over = true);
    }

    private void sendWhileReady() {
      while (!over && out.isReady()) {
        if (frames == breakAfterFrames) {
          over = true;
          out.onError(
              Errors.of(Status.Code.DATA_LOSS, ErrorReason.ERROR_REASON_DATA_DAMAGED, Map.of()));
          return;
        }
        out.onNext(message());
        if (sent == range.getLength()) {
          over = true;
          out.onCompleted();
        }
      }
    }

    private GetResponse message() {
      GetResponse.Builder message = GetResponse.newBuilder();
      if (frames++ == 0) {
        message.setInfo(stored.info()).setRange(range);
      }
      int from = (int) (range.getFirst() + sent);
      int length = (int) Math.min(FRAME_BYTES, range.getLength() - sent);
      if (length > 0) {
        ByteString content = stored.content().substring(from, from + length);
        message.setFrame(
            Frame.newBuilder().setContent(content).setCrc32C(damageFrames ? 1 : crc(content)));
        framesSent.incrementAndGet();
        sent += length;
      }
      return message.build();
    }
  }

  @Override
  public void head(HeadRequest request, StreamObserver<HeadResponse> out) {
    FakeBuckets.answer(
        out,
        () -> {
          Stored stored = store.get(request.getBucket(), request.getKey());
          checkRead(stored, request.getConditions());
          checkPart(request.getPartNumber());
          return HeadResponse.newBuilder()
              .setInfo(stored.info())
              .setRange(
                  range(request.hasRange() ? request.getRange() : null, stored.content().size()))
              .build();
        });
  }

  @Override
  public void delete(DeleteRequest request, StreamObserver<DeleteResponse> out) {
    FakeBuckets.answer(
        out,
        () -> {
          store.checkWrite(request.getBucket(), request.getKey(), request.getConditions());
          store.objects(request.getBucket()).remove(ByteString.copyFromUtf8(request.getKey()));
          return DeleteResponse.getDefaultInstance();
        });
  }

  @Override
  public void deleteBatch(DeleteBatchRequest request, StreamObserver<DeleteBatchResponse> out) {
    FakeBuckets.answer(
        out,
        () -> {
          store.bucket(request.getBucket());
          DeleteBatchResponse.Builder response = DeleteBatchResponse.newBuilder();
          for (DeleteBatchItem item : request.getItemsList()) {
            response.addOutcomes(deleteOne(request.getBucket(), item));
          }
          return response.build();
        });
  }

  private DeleteBatchOutcome deleteOne(String bucket, DeleteBatchItem item) {
    try {
      store.checkWrite(bucket, item.getKey(), item.getConditions());
    } catch (StatusRuntimeException e) {
      return DeleteBatchOutcome.newBuilder()
          .setFailure(DeleteFailure.newBuilder().setReason("PRECONDITION_FAILED"))
          .build();
    }
    store.objects(bucket).remove(ByteString.copyFromUtf8(item.getKey()));
    return DeleteBatchOutcome.newBuilder().setDeleted(DeleteResponse.getDefaultInstance()).build();
  }

  @Override
  public void list(ListRequest request, StreamObserver<ListResponse> out) {
    FakeBuckets.answer(
        out,
        () -> {
          store.bucket(request.getBucket());
          return FakeListing.page(request, store.objects(request.getBucket()));
        });
  }

  /// Everything here came in one piece.
  private static void checkPart(int number) {
    if (number > 1) {
      throw Errors.of(
          Status.Code.OUT_OF_RANGE,
          ErrorReason.ERROR_REASON_NO_SUCH_PART,
          Map.of("part_number", Integer.toString(number), "parts_count", "1"));
    }
  }

  private static void checkRead(Stored stored, ReadConditions conditions) {
    Instant written = FakeStore.WRITTEN;
    if (conditions.hasIfMatch()) {
      if (!FakeStore.matches(conditions.getIfMatch(), stored)) {
        throw Errors.preconditionFailed("If-Match");
      }
    } else if (conditions.hasIfUnmodifiedSince()
        && written.isAfter(instant(conditions.getIfUnmodifiedSince()))) {
      throw Errors.preconditionFailed("If-Unmodified-Since");
    }
    boolean notModified =
        conditions.hasIfNoneMatch()
            ? FakeStore.matches(conditions.getIfNoneMatch(), stored)
            : conditions.hasIfModifiedSince()
                && !written.isAfter(instant(conditions.getIfModifiedSince()));
    if (notModified) {
      throw Errors.of(
          Status.Code.FAILED_PRECONDITION,
          ErrorReason.ERROR_REASON_NOT_MODIFIED,
          Map.of(
              "etag", stored.info().getEtag(),
              "last_modified_millis", Long.toString(written.toEpochMilli())));
    }
  }

  private static Instant instant(com.google.protobuf.Timestamp time) {
    return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
  }

  private static ContentRange range(@Nullable ByteRange asked, long size) {
    if (asked == null) {
      return ContentRange.newBuilder().setLength(size).build();
    }
    long first =
        asked.hasSuffixLength() ? Math.max(0, size - asked.getSuffixLength()) : asked.getFirst();
    long last = asked.hasLast() ? Math.min(asked.getLast(), size - 1) : size - 1;
    if (first > last) {
      throw Errors.of(
          Status.Code.OUT_OF_RANGE,
          ErrorReason.ERROR_REASON_INVALID_RANGE,
          Map.of("size", Long.toString(size)));
    }
    return ContentRange.newBuilder().setFirst(first).setLength(last - first + 1).build();
  }

  private static int crc(ByteString content) {
    CRC32C crc = new CRC32C();
    crc.update(content.asReadOnlyByteBuffer());
    return (int) crc.getValue();
  }
}
