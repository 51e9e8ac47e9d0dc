package skarb.client;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import skarb.v1.AbortUploadRequest;
import skarb.v1.AbortUploadResponse;
import skarb.v1.Checksums;
import skarb.v1.CompleteUploadRequest;
import skarb.v1.CompleteUploadResponse;
import skarb.v1.CompletedPart;
import skarb.v1.CreateUploadRequest;
import skarb.v1.CreateUploadResponse;
import skarb.v1.MultipartGrpc;
import skarb.v1.PartInfo;
import skarb.v1.UploadAccepted;
import skarb.v1.UploadPartRequest;
import skarb.v1.UploadPartResponse;

/// One upload in parts at a time.
final class FakeMultipart extends MultipartGrpc.MultipartImplBase {
  private final FakeObjects objects;
  final Map<Integer, ByteString> parts = new ConcurrentSkipListMap<>();
  final Set<Integer> refusedParts = ConcurrentHashMap.newKeySet();
  final AtomicInteger inFlight = new AtomicInteger();
  final AtomicInteger mostInFlight = new AtomicInteger();
  volatile @Nullable CreateUploadRequest created;
  volatile @Nullable CompleteUploadRequest completed;
  volatile boolean aborted;

  /// Holds back that an upload is aborted.
  volatile CountDownLatch mayAbort = new CountDownLatch(0);

  FakeMultipart(FakeObjects objects) {
    this.objects = objects;
  }

  @Override
  public void create(CreateUploadRequest request, StreamObserver<CreateUploadResponse> answers) {
    created = request;
    answers.onNext(CreateUploadResponse.newBuilder().setUploadId("u1").build());
    answers.onCompleted();
  }

  @Override
  public StreamObserver<UploadPartRequest> uploadPart(StreamObserver<UploadPartResponse> answers) {
    int now = inFlight.incrementAndGet();
    mostInFlight.accumulateAndGet(now, Math::max);
    return new StreamObserver<>() {
      private int number;
      private ByteString content = ByteString.EMPTY;

      @Override
      public void onNext(UploadPartRequest request) {
        switch (request.getMessageCase()) {
          case HEADER -> {
            number = request.getHeader().getPartNumber();
            if (refusedParts.contains(number)) {
              inFlight.decrementAndGet();
              answers.onError(FakeNode.error(Status.Code.RESOURCE_EXHAUSTED, "DISK_FULL"));
              return;
            }
            answers.onNext(
                UploadPartResponse.newBuilder()
                    .setAccepted(UploadAccepted.getDefaultInstance())
                    .build());
          }
          case FRAME -> content = content.concat(FakeObjects.checked(request.getFrame()));
          case TRAILER -> {
            parts.put(number, content);
            inFlight.decrementAndGet();
            answers.onNext(
                UploadPartResponse.newBuilder()
                    .setResult(
                        PartInfo.newBuilder()
                            .setNumber(number)
                            .setEtag("p" + number)
                            .setSize(content.size())
                            .setChecksums(request.getTrailer().getExpected()))
                    .build());
            answers.onCompleted();
          }
          case MESSAGE_NOT_SET -> throw new IllegalArgumentException("a message without content");
        }
      }

      @Override
      public void onError(Throwable thrown) {}

      @Override
      public void onCompleted() {}
    };
  }

  @Override
  public void complete(
      CompleteUploadRequest request, StreamObserver<CompleteUploadResponse> answers) {
    completed = request;
    ByteString whole = ByteString.EMPTY;
    for (CompletedPart part : request.getPartsList()) {
      whole = whole.concat(parts.getOrDefault(part.getNumber(), ByteString.EMPTY));
    }
    Checksums checksums = request.getExpected();
    objects.store(request.getKey(), whole.toByteArray(), checksums);
    answers.onNext(
        CompleteUploadResponse.newBuilder().setResult(objects.result(request.getKey())).build());
    answers.onCompleted();
  }

  @Override
  public void abort(AbortUploadRequest request, StreamObserver<AbortUploadResponse> answers) {
    try {
      mayAbort.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    aborted = true;
    answers.onNext(AbortUploadResponse.getDefaultInstance());
    answers.onCompleted();
  }
}
