package skarb.cli.bench.server;

import com.google.protobuf.ByteString;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import skarb.v1.ContentRange;
import skarb.v1.DeleteBatchOutcome;
import skarb.v1.DeleteBatchRequest;
import skarb.v1.DeleteBatchResponse;
import skarb.v1.DeleteRequest;
import skarb.v1.DeleteResponse;
import skarb.v1.Frame;
import skarb.v1.GetRequest;
import skarb.v1.GetResponse;
import skarb.v1.HeadRequest;
import skarb.v1.HeadResponse;
import skarb.v1.ListRequest;
import skarb.v1.ListResponse;
import skarb.v1.ObjectInfo;
import skarb.v1.ObjectsGrpc;
import skarb.v1.PutRequest;
import skarb.v1.PutResponse;
import skarb.v1.PutResult;
import skarb.v1.UploadAccepted;
import skarb.v1.UploadRequest;
import skarb.v1.UploadResponse;

/// Objects that are not kept.
final class NullObjects extends ObjectsGrpc.ObjectsImplBase {
  private static final int FRAME_BYTES = 256 * 1024;
  private static final ByteString ZEROS = ByteString.copyFrom(new byte[FRAME_BYTES]);
  private static final PutResult STORED = PutResult.newBuilder().setEtag("0".repeat(32)).build();

  private final long size;
  private final ListResponse page = CannedPage.message();

  /// @param size bytes of every object
  NullObjects(long size) {
    this.size = size;
  }

  private static <T> void answer(StreamObserver<T> to, T message) {
    to.onNext(message);
    to.onCompleted();
  }

  @Override
  public void put(PutRequest request, StreamObserver<PutResponse> to) {
    answer(to, PutResponse.newBuilder().setResult(STORED).build());
  }

  @Override
  public StreamObserver<UploadRequest> upload(StreamObserver<UploadResponse> to) {
    return new StreamObserver<>() {
      @Override
      public void onNext(UploadRequest message) {
        switch (message.getMessageCase()) {
          case HEADER ->
              to.onNext(
                  UploadResponse.newBuilder()
                      .setAccepted(UploadAccepted.getDefaultInstance())
                      .build());
          case TRAILER -> answer(to, UploadResponse.newBuilder().setResult(STORED).build());
          case FRAME, MESSAGE_NOT_SET -> {
            // Thrown away.
          }
        }
      }

      @Override
      public void onError(Throwable gone) {
        // Nothing was kept for it.
      }

      @Override
      public void onCompleted() {
        // The trailer was answered.
      }
    };
  }

  @Override
  public void get(GetRequest request, StreamObserver<GetResponse> to) {
    new Download((ServerCallStreamObserver<GetResponse>) to).start();
  }

  /// Sends frames as fast as they are taken. Runs on the connection's own thread.
  private final class Download {
    private final ServerCallStreamObserver<GetResponse> to;
    private long left = size;
    private boolean first = true;

    Download(ServerCallStreamObserver<GetResponse> to) {
      this.to = to;
    }

    void start() {
      to.setOnReadyHandler(this::send);
    }

    private void send() {
      while (to.isReady() && (first || left > 0)) {
        int length = (int) Math.min(left, FRAME_BYTES);
        GetResponse.Builder next =
            GetResponse.newBuilder()
                .setFrame(Frame.newBuilder().setContent(ZEROS.substring(0, length)).setCrc32C(0));
        if (first) {
          next.setInfo(info()).setRange(ContentRange.newBuilder().setLength(size));
          first = false;
        }
        left -= length;
        to.onNext(next.build());
        if (left == 0) {
          to.onCompleted();
        }
      }
    }
  }

  private ObjectInfo info() {
    return page.getObjects(0).toBuilder().setSize(size).build();
  }

  @Override
  public void head(HeadRequest request, StreamObserver<HeadResponse> to) {
    answer(to, HeadResponse.newBuilder().setInfo(info()).build());
  }

  @Override
  public void delete(DeleteRequest request, StreamObserver<DeleteResponse> to) {
    answer(to, DeleteResponse.getDefaultInstance());
  }

  @Override
  public void deleteBatch(DeleteBatchRequest request, StreamObserver<DeleteBatchResponse> to) {
    DeleteBatchResponse.Builder outcomes = DeleteBatchResponse.newBuilder();
    for (int i = 0; i < request.getItemsCount(); i++) {
      outcomes.addOutcomes(
          DeleteBatchOutcome.newBuilder().setDeleted(DeleteResponse.getDefaultInstance()));
    }
    answer(to, outcomes.build());
  }

  @Override
  public void list(ListRequest request, StreamObserver<ListResponse> to) {
    answer(to, page);
  }
}
