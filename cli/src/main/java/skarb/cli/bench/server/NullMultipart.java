package skarb.cli.bench.server;

import io.grpc.stub.StreamObserver;
import skarb.v1.AbortUploadRequest;
import skarb.v1.AbortUploadResponse;
import skarb.v1.CompleteUploadRequest;
import skarb.v1.CompleteUploadResponse;
import skarb.v1.CreateUploadRequest;
import skarb.v1.CreateUploadResponse;
import skarb.v1.MultipartGrpc;
import skarb.v1.PartInfo;
import skarb.v1.UploadAccepted;
import skarb.v1.UploadPartRequest;
import skarb.v1.UploadPartResponse;

/// Uploads in parts that are not kept.
final class NullMultipart extends MultipartGrpc.MultipartImplBase {
  private static final PartInfo STORED = PartInfo.newBuilder().setEtag("0".repeat(32)).build();

  private static <T> void answer(StreamObserver<T> to, T message) {
    to.onNext(message);
    to.onCompleted();
  }

  @Override
  public void create(CreateUploadRequest request, StreamObserver<CreateUploadResponse> to) {
    answer(to, CreateUploadResponse.newBuilder().setUploadId("null").build());
  }

  @Override
  public StreamObserver<UploadPartRequest> uploadPart(StreamObserver<UploadPartResponse> to) {
    return new StreamObserver<>() {
      @Override
      public void onNext(UploadPartRequest message) {
        switch (message.getMessageCase()) {
          case HEADER ->
              to.onNext(
                  UploadPartResponse.newBuilder()
                      .setAccepted(UploadAccepted.getDefaultInstance())
                      .build());
          case TRAILER -> answer(to, UploadPartResponse.newBuilder().setResult(STORED).build());
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
  public void complete(CompleteUploadRequest request, StreamObserver<CompleteUploadResponse> to) {
    answer(to, CompleteUploadResponse.getDefaultInstance());
  }

  @Override
  public void abort(AbortUploadRequest request, StreamObserver<AbortUploadResponse> to) {
    answer(to, AbortUploadResponse.getDefaultInstance());
  }
}
