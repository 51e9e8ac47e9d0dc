package skarb.node.service;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import skarb.v1.AbortUploadRequest;
import skarb.v1.AbortUploadResponse;
import skarb.v1.ChecksumAlgorithm;
import skarb.v1.ChecksumType;
import skarb.v1.Checksums;
import skarb.v1.CompleteUploadRequest;
import skarb.v1.CompletedPart;
import skarb.v1.CreateUploadRequest;
import skarb.v1.Frame;
import skarb.v1.GetRequest;
import skarb.v1.GetResponse;
import skarb.v1.ListPartsRequest;
import skarb.v1.ListPartsResponse;
import skarb.v1.MultipartGrpc;
import skarb.v1.ObjectsGrpc;
import skarb.v1.PartHeader;
import skarb.v1.PartInfo;
import skarb.v1.PutResult;
import skarb.v1.UploadPartRequest;
import skarb.v1.UploadPartResponse;
import skarb.v1.UploadTrailer;

/// Uploads in parts as a client makes them, on one channel and in one bucket.
final class MultipartFixture {
  /// The least bytes of a part that is not the last.
  static final int MIN_PART = 5 << 20;

  private static final int FRAME = 256 << 10;

  final String bucket;
  final MultipartGrpc.MultipartBlockingStub uploads;
  final ObjectsGrpc.ObjectsBlockingStub objects;
  private final MultipartGrpc.MultipartStub streams;

  MultipartFixture(Channel channel, String bucket) {
    this.bucket = bucket;
    this.uploads = MultipartGrpc.newBlockingStub(channel);
    this.objects = ObjectsGrpc.newBlockingStub(channel);
    this.streams = MultipartGrpc.newStub(channel);
  }

  String create(String key) {
    return create(
        key,
        ChecksumAlgorithm.CHECKSUM_ALGORITHM_UNSPECIFIED,
        ChecksumType.CHECKSUM_TYPE_UNSPECIFIED);
  }

  String create(String key, ChecksumAlgorithm algorithm, ChecksumType type) {
    return uploads
        .create(
            CreateUploadRequest.newBuilder()
                .setBucket(bucket)
                .setKey(key)
                .setChecksumAlgorithm(algorithm)
                .setChecksumType(type)
                .build())
        .getUploadId();
  }

  PartHeader.Builder header(String key, String upload, int number) {
    return PartHeader.newBuilder()
        .setBucket(bucket)
        .setKey(key)
        .setUploadId(upload)
        .setPartNumber(number);
  }

  PartInfo part(String key, String upload, int number, byte[] content) {
    return part(
        header(key, upload, number).build(), ByteString.copyFrom(content), Checksums.newBuilder());
  }

  /// Sends a part; what it fails with is thrown as a blocking stub would.
  PartInfo part(PartHeader header, ByteString content, Checksums.Builder atEnd) {
    CompletableFuture<PartInfo> result = new CompletableFuture<>();
    StreamObserver<UploadPartRequest> call =
        streams.uploadPart(
            new StreamObserver<>() {
              @Override
              public void onNext(UploadPartResponse response) {
                if (response.hasResult()) {
                  result.complete(response.getResult());
                }
              }

              @Override
              public void onError(Throwable thrown) {
                result.completeExceptionally(thrown);
              }

              @Override
              public void onCompleted() {
                result.completeExceptionally(new AssertionError("no result"));
              }
            });
    call.onNext(UploadPartRequest.newBuilder().setHeader(header).build());
    for (int at = 0; at < content.size(); at += FRAME) {
      ByteString frame = content.substring(at, Math.min(content.size(), at + FRAME));
      call.onNext(
          UploadPartRequest.newBuilder().setFrame(Frame.newBuilder().setContent(frame)).build());
    }
    call.onNext(
        UploadPartRequest.newBuilder()
            .setTrailer(UploadTrailer.newBuilder().setExpected(atEnd))
            .build());
    call.onCompleted();
    try {
      return result.get(60, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof StatusRuntimeException failure) {
        throw failure;
      }
      throw new AssertionError(e);
    } catch (InterruptedException | TimeoutException e) {
      throw Status.INTERNAL.withCause(e).asRuntimeException();
    }
  }

  CompleteUploadRequest.Builder completion(String key, String upload, List<PartInfo> parts) {
    CompleteUploadRequest.Builder request =
        CompleteUploadRequest.newBuilder().setBucket(bucket).setKey(key).setUploadId(upload);
    for (PartInfo part : parts) {
      request.addParts(
          CompletedPart.newBuilder()
              .setNumber(part.getNumber())
              .setEtag(part.getEtag())
              .setChecksums(part.getChecksums().toBuilder().clearMd5()));
    }
    return request;
  }

  PutResult complete(String key, String upload, PartInfo... parts) {
    return complete(completion(key, upload, List.of(parts)));
  }

  PutResult complete(CompleteUploadRequest.Builder request) {
    return uploads.complete(request.build()).getResult();
  }

  void abort(String key, String upload) {
    AbortUploadResponse _ =
        uploads.abort(
            AbortUploadRequest.newBuilder()
                .setBucket(bucket)
                .setKey(key)
                .setUploadId(upload)
                .build());
  }

  ListPartsResponse parts(String key, String upload) {
    return uploads.listParts(
        ListPartsRequest.newBuilder().setBucket(bucket).setKey(key).setUploadId(upload).build());
  }

  byte[] read(String key) {
    ByteString.Output bytes = ByteString.newOutput();
    objects
        .get(GetRequest.newBuilder().setBucket(bucket).setKey(key).build())
        .forEachRemaining(response -> append(bytes, response));
    return bytes.toByteString().toByteArray();
  }

  private static void append(ByteString.Output bytes, GetResponse response) {
    byte[] content = response.getFrame().getContent().toByteArray();
    bytes.write(content, 0, content.length);
  }
}
