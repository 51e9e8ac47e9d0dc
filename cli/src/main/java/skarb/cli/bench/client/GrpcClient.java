package skarb.cli.bench.client;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import skarb.v1.AbortUploadRequest;
import skarb.v1.BucketsGrpc;
import skarb.v1.CompleteUploadRequest;
import skarb.v1.CompletedPart;
import skarb.v1.CreateBucketRequest;
import skarb.v1.CreateUploadRequest;
import skarb.v1.DeleteBatchItem;
import skarb.v1.DeleteBatchOutcome;
import skarb.v1.DeleteBatchRequest;
import skarb.v1.DeleteBucketRequest;
import skarb.v1.DeleteRequest;
import skarb.v1.GetRequest;
import skarb.v1.HeadRequest;
import skarb.v1.ListRequest;
import skarb.v1.ListResponse;
import skarb.v1.MultipartGrpc;
import skarb.v1.ObjectsGrpc;
import skarb.v1.PartHeader;
import skarb.v1.PutRequest;
import skarb.v1.UploadHeader;
import skarb.v1.UploadPartRequest;
import skarb.v1.UploadPartResponse;
import skarb.v1.UploadRequest;
import skarb.v1.UploadResponse;
import skarb.v1.UploadTrailer;

/// Speaks gRPC through the generated stubs: Put up to 1 MiB, Upload beyond, parts always streamed.
final class GrpcClient implements StoreClient {
  private static final int MAX_PUT_BYTES = 1 << 20;
  private static final long DEADLINE_SECONDS = 120;

  private final ObjectsGrpc.ObjectsBlockingV2Stub objects;
  private final BucketsGrpc.BucketsBlockingV2Stub buckets;
  private final MultipartGrpc.MultipartBlockingV2Stub parts;
  private final ObjectsGrpc.ObjectsStub streams;
  private final MultipartGrpc.MultipartStub partStreams;
  private final String bucket;

  GrpcClient(Channel channel, String bucket) {
    this.objects = ObjectsGrpc.newBlockingV2Stub(channel);
    this.buckets = BucketsGrpc.newBlockingV2Stub(channel);
    this.parts = MultipartGrpc.newBlockingV2Stub(channel);
    this.streams = ObjectsGrpc.newStub(channel);
    this.partStreams = MultipartGrpc.newStub(channel);
    this.bucket = bucket;
  }

  /// A call; its statuses become IOExceptions.
  private interface Call<T> {
    T run() throws StatusException, InterruptedException, IOException;
  }

  private static <T> T called(Call<T> call) throws IOException {
    try {
      return call.run();
    } catch (StatusException e) {
      throw failure(e);
    } catch (StatusRuntimeException e) {
      throw failure(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /// What a call's end means.
  static RequestFailedException failure(Throwable error) {
    Status status = Status.fromThrowable(error);
    String text = status.getDescription();
    return new RequestFailedException(status.getCode().name(), text == null ? "" : text);
  }

  private ObjectsGrpc.ObjectsBlockingV2Stub objects() {
    return objects.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  private MultipartGrpc.MultipartBlockingV2Stub parts() {
    return parts.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public boolean createBucket() throws IOException {
    try {
      return called(() -> {
        var _ = buckets.create(CreateBucketRequest.newBuilder().setName(bucket).build());
        return true;
      });
    } catch (RequestFailedException e) {
      if (e.code().equals(Status.Code.ALREADY_EXISTS.name())) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public void deleteBucket() throws IOException {
    var _ = called(() -> buckets.delete(DeleteBucketRequest.newBuilder().setName(bucket).build()));
  }

  @Override
  public void put(String key, Body body) throws IOException {
    UploadHeader header =
        UploadHeader.newBuilder()
            .setBucket(bucket)
            .setKey(key)
            .setContentLength(body.size())
            .build();
    if (body.size() > MAX_PUT_BYTES) {
      var _ =
          called(() -> {
            upload(header, body);
            return true;
          });
      return;
    }
    ByteString content = body.pieces() == 0 ? ByteString.EMPTY : ByteString.copyFrom(body.piece(0));
    var _ =
        called(() ->
            objects().put(PutRequest.newBuilder().setHeader(header).setContent(content).build()));
  }

  private void upload(UploadHeader header, Body body) throws IOException, InterruptedException {
    StreamedUpload<UploadRequest, UploadResponse> upload =
        new StreamedUpload<>(
            UploadRequest.newBuilder().setHeader(header).build(),
            frame -> UploadRequest.newBuilder().setFrame(frame).build(),
            UploadRequest.newBuilder().setTrailer(UploadTrailer.getDefaultInstance()).build(),
            body);
    var _ = streams.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS).upload(upload);
    if (!upload.await().hasResult()) {
      throw new IOException("an upload that ended without a result");
    }
  }

  @Override
  public Download get(String key, boolean checksum) throws IOException {
    return called(() -> {
      StreamedDownload download = new StreamedDownload(checksum);
      streams
          .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
          .get(GetRequest.newBuilder().setBucket(bucket).setKey(key).build(), download);
      return download.await();
    });
  }

  @Override
  public void head(String key) throws IOException {
    var _ =
        called(
            () -> objects().head(HeadRequest.newBuilder().setBucket(bucket).setKey(key).build()));
  }

  @Override
  public void delete(String key) throws IOException {
    var _ =
        called(() ->
            objects().delete(DeleteRequest.newBuilder().setBucket(bucket).setKey(key).build()));
  }

  @Override
  public void deleteBatch(List<String> keys) throws IOException {
    DeleteBatchRequest.Builder request = DeleteBatchRequest.newBuilder().setBucket(bucket);
    for (String key : keys) {
      request.addItems(DeleteBatchItem.newBuilder().setKey(key));
    }
    List<DeleteBatchOutcome> outcomes =
        called(() -> objects().deleteBatch(request.build())).getOutcomesList();
    if (outcomes.size() != keys.size()) {
      throw new IOException(outcomes.size() + " outcomes for " + keys.size() + " keys");
    }
    for (DeleteBatchOutcome outcome : outcomes) {
      if (outcome.hasFailure()) {
        throw new RequestFailedException(
            outcome.getFailure().getReason(), outcome.getFailure().getMessage());
      }
    }
  }

  @Override
  public Page list(String prefix, String token) throws IOException {
    ListResponse page =
        called(() ->
            objects()
                .list(
                    ListRequest.newBuilder()
                        .setBucket(bucket)
                        .setPrefix(prefix)
                        .setPageToken(token)
                        .build()));
    return new Page(page.getObjectsCount(), page.getNextPageToken());
  }

  @Override
  public String createUpload(String key) throws IOException {
    return called(() ->
            parts().create(CreateUploadRequest.newBuilder().setBucket(bucket).setKey(key).build()))
        .getUploadId();
  }

  @Override
  public String uploadPart(String key, String uploadId, int number, Body body) throws IOException {
    PartHeader header =
        PartHeader.newBuilder()
            .setBucket(bucket)
            .setKey(key)
            .setUploadId(uploadId)
            .setPartNumber(number)
            .setContentLength(body.size())
            .build();
    StreamedUpload<UploadPartRequest, UploadPartResponse> upload =
        new StreamedUpload<>(
            UploadPartRequest.newBuilder().setHeader(header).build(),
            frame -> UploadPartRequest.newBuilder().setFrame(frame).build(),
            UploadPartRequest.newBuilder().setTrailer(UploadTrailer.getDefaultInstance()).build(),
            body);
    return called(() -> {
      var _ = partStreams.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS).uploadPart(upload);
      return upload.await().getResult().getEtag();
    });
  }

  @Override
  public void completeUpload(String key, String uploadId, List<String> etags) throws IOException {
    CompleteUploadRequest.Builder request =
        CompleteUploadRequest.newBuilder().setBucket(bucket).setKey(key).setUploadId(uploadId);
    for (String etag : etags) {
      request.addParts(
          CompletedPart.newBuilder().setNumber(request.getPartsCount() + 1).setEtag(etag));
    }
    var _ = called(() -> parts().complete(request.build()));
  }

  @Override
  public void abortUpload(String key, String uploadId) throws IOException {
    var _ =
        called(() ->
            parts()
                .abort(
                    AbortUploadRequest.newBuilder()
                        .setBucket(bucket)
                        .setKey(key)
                        .setUploadId(uploadId)
                        .build()));
  }

  /// The connection is shared: whoever made it closes it.
  @Override
  public void close() {
    // Nothing of its own.
  }
}
