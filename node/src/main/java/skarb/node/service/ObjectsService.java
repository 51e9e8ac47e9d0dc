package skarb.node.service;

import io.grpc.Context;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import skarb.node.commit.CommitPipeline;
import skarb.node.index.Catalog;
import skarb.node.index.IndexView;
import skarb.node.model.Seams;
import skarb.v1.DeleteBatchRequest;
import skarb.v1.DeleteBatchResponse;
import skarb.v1.DeleteRequest;
import skarb.v1.DeleteResponse;
import skarb.v1.GetRequest;
import skarb.v1.GetResponse;
import skarb.v1.HeadRequest;
import skarb.v1.HeadResponse;
import skarb.v1.ListRequest;
import skarb.v1.ListResponse;
import skarb.v1.ObjectsGrpc;
import skarb.v1.PutRequest;
import skarb.v1.PutResponse;
import skarb.v1.UploadRequest;
import skarb.v1.UploadResponse;

/// `skarb.v1.Objects`.
public final class ObjectsService extends ObjectsGrpc.ObjectsImplBase {
  private final Seams seams;
  private final CallLimits limits;
  private final Bodies bodies;
  private final ObjectWriter writer;
  private final ObjectFinder finder;
  private final ObjectDeleter deleter;
  private final ObjectLister lister;

  /// @param rows what is there
  /// @param bodies the bytes
  /// @param commits takes changes
  public ObjectsService(
      Seams seams, CallLimits limits, IndexView rows, Bodies bodies, CommitPipeline commits) {
    Catalog catalog = new Catalog(rows);
    Buckets buckets = new Buckets(catalog);
    this.seams = seams;
    this.limits = limits;
    this.bodies = bodies;
    this.writer = new ObjectWriter(catalog, buckets, bodies, commits);
    this.finder = new ObjectFinder(catalog, buckets);
    this.deleter = new ObjectDeleter(buckets, commits);
    this.lister = new ObjectLister(rows, buckets);
  }

  @Override
  public void put(PutRequest request, StreamObserver<PutResponse> responses) {
    responses.onNext(PutResponse.newBuilder().setResult(writer.put(request)).build());
    responses.onCompleted();
  }

  @Override
  public StreamObserver<UploadRequest> upload(StreamObserver<UploadResponse> responses) {
    UploadCall upload =
        new UploadCall(
            writer,
            (ServerCallStreamObserver<UploadResponse>) responses,
            limits.leastUploadBytesPerSecond(),
            seams.nanoTime());
    upload.start();
    return upload;
  }

  @Override
  public void get(GetRequest request, StreamObserver<GetResponse> responses) {
    ObjectFinder.Found found =
        finder.find(
            new ObjectFinder.Request(
                request.getBucket(),
                request.getKey(),
                request.hasVersionId() ? Optional.of(request.getVersionId()) : Optional.empty(),
                request.getRange(),
                request.getConditions()));
    DownloadCall download =
        new DownloadCall((ServerCallStreamObserver<GetResponse>) responses, found, bodies.reader());
    download.listen(Context.current());
    seams.executor().execute(download::run);
  }

  @Override
  public void head(HeadRequest request, StreamObserver<HeadResponse> responses) {
    ObjectFinder.Found found =
        finder.find(
            new ObjectFinder.Request(
                request.getBucket(),
                request.getKey(),
                request.hasVersionId() ? Optional.of(request.getVersionId()) : Optional.empty(),
                request.getRange(),
                request.getConditions()));
    responses.onNext(
        HeadResponse.newBuilder().setInfo(found.info()).setRange(found.range()).build());
    responses.onCompleted();
  }

  @Override
  public void delete(DeleteRequest request, StreamObserver<DeleteResponse> responses) {
    responses.onNext(deleter.delete(request));
    responses.onCompleted();
  }

  @Override
  public void deleteBatch(
      DeleteBatchRequest request, StreamObserver<DeleteBatchResponse> responses) {
    responses.onNext(deleter.deleteBatch(request));
    responses.onCompleted();
  }

  @Override
  public void list(ListRequest request, StreamObserver<ListResponse> responses) {
    responses.onNext(lister.list(request));
    responses.onCompleted();
  }
}
