package skarb.node.service;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import skarb.node.commit.CommitPipeline;
import skarb.node.commit.Committed;
import skarb.node.commit.Mutation;
import skarb.node.commit.Submission;
import skarb.node.index.Catalog;
import skarb.node.index.IndexView;
import skarb.node.index.KeptConflicts;
import skarb.node.model.ObjectKey;
import skarb.node.model.Seams;
import skarb.v1.AbortUploadRequest;
import skarb.v1.AbortUploadResponse;
import skarb.v1.CompleteUploadRequest;
import skarb.v1.CompleteUploadResponse;
import skarb.v1.CopyPartRequest;
import skarb.v1.CopyPartResponse;
import skarb.v1.CreateUploadRequest;
import skarb.v1.CreateUploadResponse;
import skarb.v1.ListPartsRequest;
import skarb.v1.ListPartsResponse;
import skarb.v1.ListUploadsRequest;
import skarb.v1.ListUploadsResponse;
import skarb.v1.MultipartGrpc;
import skarb.v1.UploadPartRequest;
import skarb.v1.UploadPartResponse;
import skarb.v1.UploadValue;

/// `skarb.v1.Multipart`.
public final class MultipartService extends MultipartGrpc.MultipartImplBase {
  private final Seams seams;
  private final CallLimits limits;
  private final CommitPipeline commits;
  private final Buckets buckets;
  private final UploadFinder finder;
  private final PartWriter parts;
  private final PartCopier copier;
  private final UploadCompleter completer;
  private final UploadLister lister;

  /// @param rows what is there
  /// @param bodies the bytes
  /// @param commits takes changes
  public MultipartService(
      Seams seams, CallLimits limits, IndexView rows, Bodies bodies, CommitPipeline commits) {
    Catalog catalog = new Catalog(rows);
    this.seams = seams;
    this.limits = limits;
    this.commits = commits;
    this.buckets = new Buckets(catalog);
    this.finder = new UploadFinder(catalog, buckets);
    this.parts = new PartWriter(finder, bodies, commits);
    ObjectFinder objects =
        new ObjectFinder(
            catalog,
            new KeptConflicts(rows),
            buckets,
            new ObjectParts(bodies.reader()),
            bodies.arrivals());
    this.copier = new PartCopier(finder, new CopySources(catalog, objects), bodies, commits);
    this.completer = new UploadCompleter(catalog, buckets, bodies, commits);
    this.lister = new UploadLister(rows, buckets, finder);
  }

  @Override
  public void create(CreateUploadRequest request, StreamObserver<CreateUploadResponse> responses) {
    Buckets.Reached reached = buckets.reach(request.getBucket());
    ObjectKey key = ObjectKey.of(request.getKey());
    Requests.checkAttributes(request.getAttributes());
    UploadChecksums checksums =
        UploadChecksums.asked(request.getChecksumAlgorithm(), request.getChecksumType());
    UploadValue value =
        UploadValue.newBuilder()
            .setAttributes(request.getAttributes())
            .setOwnerId(reached.principal().userId())
            .setChecksumAlgorithm(request.getChecksumAlgorithm())
            .setChecksumType(checksums.type())
            .build();
    Committed committed =
        commits.commit(
            Submission.of(
                new Mutation.OpenUpload(reached.principal().userId(), reached.name(), key, value),
                Optional.of(reached.principal().fence())));
    if (!(committed.answer() instanceof Committed.UploadOpened(var upload))) {
      throw new IllegalStateException("not the answer to an OpenUpload: " + committed);
    }
    responses.onNext(
        CreateUploadResponse.newBuilder()
            .setUploadId(upload.text())
            .setChecksumAlgorithm(checksums.algorithm())
            .setChecksumType(checksums.type())
            .build());
    responses.onCompleted();
  }

  @Override
  public StreamObserver<UploadPartRequest> uploadPart(
      StreamObserver<UploadPartResponse> responses) {
    UploadCall<UploadPartRequest, UploadPartResponse> upload =
        new UploadCall<>(
            new PartUpload(parts),
            (ServerCallStreamObserver<UploadPartResponse>) responses,
            limits.leastUploadBytesPerSecond(),
            seams.nanoTime());
    upload.start();
    return upload;
  }

  @Override
  public void copyPart(CopyPartRequest request, StreamObserver<CopyPartResponse> responses) {
    responses.onNext(copier.copy(request));
    responses.onCompleted();
  }

  @Override
  public void listParts(ListPartsRequest request, StreamObserver<ListPartsResponse> responses) {
    responses.onNext(lister.parts(request));
    responses.onCompleted();
  }

  @Override
  public void complete(
      CompleteUploadRequest request, StreamObserver<CompleteUploadResponse> responses) {
    responses.onNext(
        CompleteUploadResponse.newBuilder().setResult(completer.complete(request)).build());
    responses.onCompleted();
  }

  @Override
  public void abort(AbortUploadRequest request, StreamObserver<AbortUploadResponse> responses) {
    UploadFinder.Found found =
        finder.find(request.getBucket(), request.getKey(), request.getUploadId());
    Committed committed =
        commits.commit(
            Submission.of(
                new Mutation.AbortUpload(
                    found.reached().principal().userId(),
                    found.reached().name(),
                    found.key(),
                    found.name()),
                Optional.of(found.reached().principal().fence())));
    if (!(committed.answer() instanceof Committed.UploadAborted)) {
      throw new IllegalStateException("not the answer to an AbortUpload: " + committed);
    }
    responses.onNext(AbortUploadResponse.getDefaultInstance());
    responses.onCompleted();
  }

  @Override
  public void listUploads(
      ListUploadsRequest request, StreamObserver<ListUploadsResponse> responses) {
    responses.onNext(lister.uploads(request));
    responses.onCompleted();
  }
}
