package skarb.simulation;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import skarb.v1.Frame;
import skarb.v1.MultipartGrpc;
import skarb.v1.PartHeader;
import skarb.v1.PartInfo;
import skarb.v1.UploadPartRequest;
import skarb.v1.UploadPartResponse;

/// Sends one part of an upload and waits for the answer.
final class PartSender implements StreamObserver<UploadPartResponse> {
  private final Channel gateway;
  private final int patienceSeconds;
  private final CountDownLatch over = new CountDownLatch(1);
  private @Nullable PartInfo part;
  private Status failure = Status.UNKNOWN;

  PartSender(Channel gateway, int patienceSeconds) {
    this.gateway = gateway;
    this.patienceSeconds = patienceSeconds;
  }

  PartInfo send(PartHeader header, ByteString content) {
    StreamObserver<UploadPartRequest> stream =
        MultipartGrpc.newStub(gateway)
            .withDeadlineAfter(patienceSeconds, TimeUnit.SECONDS)
            .uploadPart(this);
    stream.onNext(UploadPartRequest.newBuilder().setHeader(header).build());
    stream.onNext(
        UploadPartRequest.newBuilder().setFrame(Frame.newBuilder().setContent(content)).build());
    stream.onCompleted();
    try {
      over.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    PartInfo stored = part;
    if (stored == null) {
      throw failure.asRuntimeException();
    }
    return stored;
  }

  @Override
  public void onNext(UploadPartResponse response) {
    if (response.hasResult()) {
      part = response.getResult();
    }
  }

  @Override
  public void onError(Throwable thrown) {
    failure = Status.fromThrowable(thrown);
    over.countDown();
  }

  @Override
  public void onCompleted() {
    over.countDown();
  }
}
