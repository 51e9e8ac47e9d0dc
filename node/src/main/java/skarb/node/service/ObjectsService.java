package skarb.node.service;

import io.grpc.Context;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import skarb.node.commit.CommitPipeline;
import skarb.node.index.Catalog;
import skarb.node.index.IndexView;
import skarb.node.index.KeptConflicts;
import skarb.node.model.Seams;
import skarb.v1.ContentRange;
import skarb.v1.CopyRequest;
import skarb.v1.CopyResponse;
import skarb.v1.DeleteBatchRequest;
import skarb.v1.DeleteBatchResponse;
import skarb.v1.DeleteRequest;
import skarb.v1.DeleteResponse;
import skarb.v1.GetRangesRequest;
import skarb.v1.GetRangesResponse;
import skarb.v1.GetRequest;
import skarb.v1.GetResponse;
import skarb.v1.HeadRequest;
import skarb.v1.HeadResponse;
import skarb.v1.ListAllRequest;
import skarb.v1.ListAllResponse;
import skarb.v1.ListAllVersionsRequest;
import skarb.v1.ListAllVersionsResponse;
import skarb.v1.ListObjectPartsRequest;
import skarb.v1.ListObjectPartsResponse;
import skarb.v1.ListRequest;
import skarb.v1.ListResponse;
import skarb.v1.ListVersionsRequest;
import skarb.v1.ListVersionsResponse;
import skarb.v1.ObjectPart;
import skarb.v1.ObjectsGrpc;
import skarb.v1.PutRequest;
import skarb.v1.PutResponse;
import skarb.v1.ReadConditions;
import skarb.v1.UploadRequest;
import skarb.v1.UploadResponse;

/// `skarb.v1.Objects`.
public final class ObjectsService extends ObjectsGrpc.ObjectsImplBase {
  private static final int MAX_RANGES = 1024;
  private static final int MAX_PARTS = 1000;

  private final Seams seams;
  private final CallLimits limits;
  private final Bodies bodies;
  private final ObjectWriter writer;
  private final ObjectParts parts;
  private final ObjectFinder finder;
  private final ObjectCopier copier;
  private final ObjectDeleter deleter;
  private final ObjectLister lister;
  private final VersionLister versions;

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
    this.parts = new ObjectParts(bodies.reader());
    this.finder =
        new ObjectFinder(catalog, new KeptConflicts(rows), buckets, parts, bodies.arrivals());
    this.copier =
        new ObjectCopier(catalog, buckets, new CopySources(catalog, finder), bodies, commits);
    this.deleter = new ObjectDeleter(buckets, commits);
    this.lister = new ObjectLister(rows, buckets);
    this.versions = new VersionLister(rows, buckets);
  }

  @Override
  public void put(PutRequest request, StreamObserver<PutResponse> responses) {
    responses.onNext(PutResponse.newBuilder().setResult(writer.put(request)).build());
    responses.onCompleted();
  }

  @Override
  public StreamObserver<UploadRequest> upload(StreamObserver<UploadResponse> responses) {
    UploadCall<UploadRequest, UploadResponse> upload =
        new UploadCall<>(
            new ObjectUpload(writer),
            (ServerCallStreamObserver<UploadResponse>) responses,
            limits.leastUploadBytesPerSecond(),
            seams.nanoTime());
    upload.start();
    return upload;
  }

  @Override
  public void get(GetRequest request, StreamObserver<GetResponse> responses) {
    Optional<Integer> part =
        request.hasPartNumber() ? Optional.of(request.getPartNumber()) : Optional.empty();
    Requests.checkRange(request.getRange());
    Requests.checkPart(part, request.hasRange());
    ObjectFinder.Found found =
        finder.findHere(
            new ObjectFinder.Request(
                request.getBucket(),
                request.getKey(),
                request.hasVersionId() ? Optional.of(request.getVersionId()) : Optional.empty(),
                request.getConditions()));
    ContentRange range = finder.range(found, request.getRange(), part);
    ResponseStream<GetResponse> stream = stream(responses);
    DownloadCall<GetResponse> download =
        new DownloadCall<>(
            stream,
            found,
            List.of(range),
            bodies.reader(),
            (index, first, frame) -> {
              GetResponse.Builder response = GetResponse.newBuilder();
              if (first) {
                response.setInfo(found.info()).setRange(range);
              }
              return (frame.getContent().isEmpty() ? response : response.setFrame(frame)).build();
            });
    seams.executor().execute(() -> stream.run(download));
  }

  @Override
  public void getRanges(GetRangesRequest request, StreamObserver<GetRangesResponse> responses) {
    if (request.getRangesCount() < 1 || request.getRangesCount() > MAX_RANGES) {
      throw Requests.invalid("ranges", "1 to 1,024 ranges");
    }
    request.getRangesList().forEach(Requests::checkRange);
    ObjectFinder.Found found =
        finder.findHere(
            new ObjectFinder.Request(
                request.getBucket(),
                request.getKey(),
                request.hasVersionId() ? Optional.of(request.getVersionId()) : Optional.empty(),
                request.getConditions()));
    List<ContentRange> ranges =
        request.getRangesList().stream()
            .map(range -> finder.range(found, range, Optional.empty()))
            .toList();
    ResponseStream<GetRangesResponse> stream = stream(responses);
    DownloadCall<GetRangesResponse> download =
        new DownloadCall<>(
            stream,
            found,
            ranges,
            bodies.reader(),
            (index, first, frame) -> {
              GetRangesResponse.Builder response =
                  GetRangesResponse.newBuilder().setRangeIndex(index);
              if (first) {
                response.setRange(ranges.get(index));
              }
              if (first && index == 0) {
                response.setInfo(found.info());
              }
              return (frame.getContent().isEmpty() ? response : response.setFrame(frame)).build();
            });
    seams.executor().execute(() -> stream.run(download));
  }

  /// To be called before the call's handler returns.
  private static <T> ResponseStream<T> stream(StreamObserver<T> responses) {
    ResponseStream<T> stream = new ResponseStream<>((ServerCallStreamObserver<T>) responses);
    stream.listen(Context.current());
    return stream;
  }

  @Override
  public void head(HeadRequest request, StreamObserver<HeadResponse> responses) {
    Optional<Integer> part =
        request.hasPartNumber() ? Optional.of(request.getPartNumber()) : Optional.empty();
    Requests.checkRange(request.getRange());
    Requests.checkPart(part, request.hasRange());
    ObjectFinder.Request asked =
        new ObjectFinder.Request(
            request.getBucket(),
            request.getKey(),
            request.hasVersionId() ? Optional.of(request.getVersionId()) : Optional.empty(),
            request.getConditions());
    ObjectFinder.Found found = part.isPresent() ? findWithParts(asked) : finder.find(asked);
    responses.onNext(
        HeadResponse.newBuilder()
            .setInfo(found.info())
            .setRange(finder.range(found, request.getRange(), part))
            .build());
    responses.onCompleted();
  }

  /// What is said of an object needs none of its bytes, but for a long list of parts.
  private ObjectFinder.Found findWithParts(ObjectFinder.Request request) {
    ObjectFinder.Found found = finder.find(request);
    return found.body().hasPartListContent() ? finder.findHere(request) : found;
  }

  @Override
  public void listObjectParts(
      ListObjectPartsRequest request, StreamObserver<ListObjectPartsResponse> responses) {
    int pageSize = Requests.pageSize(request.hasPageSize(), request.getPageSize(), MAX_PARTS);
    ObjectFinder.Found found =
        findWithParts(
            new ObjectFinder.Request(
                request.getBucket(),
                request.getKey(),
                request.hasVersionId() ? Optional.of(request.getVersionId()) : Optional.empty(),
                ReadConditions.getDefaultInstance()));
    List<ObjectPart> after =
        parts.of(found.body()).stream()
            .filter(
                part -> Integer.compareUnsigned(part.getNumber(), request.getAfterPartNumber()) > 0)
            .toList();
    responses.onNext(
        ListObjectPartsResponse.newBuilder()
            .setInfo(found.info())
            .addAllParts(after.subList(0, Math.min(pageSize, after.size())))
            .setTruncated(pageSize > 0 && after.size() > pageSize)
            .build());
    responses.onCompleted();
  }

  @Override
  public void copy(CopyRequest request, StreamObserver<CopyResponse> responses) {
    responses.onNext(copier.copy(request));
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

  @Override
  public void listAll(ListAllRequest request, StreamObserver<ListAllResponse> responses) {
    ObjectLister.Pages<ListResponse> pages = lister.all(request.getFirst());
    ResponseStream<ListAllResponse> stream = stream(responses);
    seams
        .executor()
        .execute(() ->
            stream.run(() ->
                send(pages, stream, page -> ListAllResponse.newBuilder().setPage(page).build())));
  }

  @Override
  public void listVersions(
      ListVersionsRequest request, StreamObserver<ListVersionsResponse> responses) {
    responses.onNext(versions.list(request));
    responses.onCompleted();
  }

  @Override
  public void listAllVersions(
      ListAllVersionsRequest request, StreamObserver<ListAllVersionsResponse> responses) {
    ObjectLister.Pages<ListVersionsResponse> pages = versions.all(request.getFirst());
    ResponseStream<ListAllVersionsResponse> stream = stream(responses);
    seams
        .executor()
        .execute(() ->
            stream.run(() ->
                send(
                    pages,
                    stream,
                    page -> ListAllVersionsResponse.newBuilder().setPage(page).build())));
  }

  /// Each page is read when there is room for it, and nothing is held in between.
  private static <P, M> void send(
      ObjectLister.Pages<P> pages, ResponseStream<M> stream, Function<P, M> message) {
    do {
      stream.awaitRoom();
      stream.send(message.apply(pages.next()));
    } while (pages.hasNext());
  }
}
