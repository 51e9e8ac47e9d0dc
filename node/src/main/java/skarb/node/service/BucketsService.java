package skarb.node.service;

import com.google.protobuf.ByteString;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import skarb.node.access.Caller.KeyCaller;
import skarb.node.commit.CommitPipeline;
import skarb.node.commit.Committed;
import skarb.node.commit.Mutation;
import skarb.node.commit.Submission;
import skarb.node.index.BucketRow;
import skarb.node.index.Catalog;
import skarb.node.model.BucketName;
import skarb.node.model.EntryDot;
import skarb.node.model.NodeException;
import skarb.v1.BucketSetting;
import skarb.v1.BucketsGrpc;
import skarb.v1.CreateBucketRequest;
import skarb.v1.CreateBucketResponse;
import skarb.v1.DeleteBucketRequest;
import skarb.v1.DeleteBucketResponse;
import skarb.v1.GetBucketRequest;
import skarb.v1.GetBucketResponse;
import skarb.v1.ListBucketsRequest;
import skarb.v1.ListBucketsResponse;
import skarb.v1.SetGuardedOverwritesRequest;
import skarb.v1.SetGuardedOverwritesResponse;
import skarb.v1.SetVersioningRequest;
import skarb.v1.SetVersioningResponse;
import skarb.v1.Versioning;

/// `skarb.v1.Buckets`.
public final class BucketsService extends BucketsGrpc.BucketsImplBase {
  private static final Logger LOG = LoggerFactory.getLogger(BucketsService.class);
  private static final int MAX_PAGE_SIZE = 10_000;
  private static final int MAX_LOCATION_LENGTH = 64;
  private static final String LISTING = "buckets";

  private final Catalog catalog;
  private final Buckets buckets;
  private final CommitPipeline commits;

  /// @param catalog what is there
  /// @param commits takes changes
  public BucketsService(Catalog catalog, CommitPipeline commits) {
    this.catalog = catalog;
    this.buckets = new Buckets(catalog);
    this.commits = commits;
  }

  @Override
  public void create(CreateBucketRequest request, StreamObserver<CreateBucketResponse> responses) {
    KeyCaller principal = CallKeys.principal();
    if (request.getLocation().length() > MAX_LOCATION_LENGTH
        || !request.getLocation().chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw Requests.invalid("location", "not a location");
    }
    Mutation mutation =
        new Mutation.CreateBucket(
            principal.userId(), new BucketName(request.getName()), request.getLocation());
    Committed committed = commits.commit(Submission.of(mutation, Optional.of(principal.fence())));
    if (!(committed.answer() instanceof Committed.BucketCreated created)) {
      throw new IllegalStateException("not the answer to a CreateBucket: " + committed);
    }
    responses.onNext(
        CreateBucketResponse.newBuilder()
            .setBucket(Answers.bucket(created.bucket(), buckets.displayName(principal.userId())))
            .build());
    responses.onCompleted();
  }

  @Override
  public void get(GetBucketRequest request, StreamObserver<GetBucketResponse> responses) {
    BucketRow bucket = buckets.reach(request.getName()).bucket();
    responses.onNext(
        GetBucketResponse.newBuilder()
            .setBucket(
                Answers.bucket(catalog, bucket, buckets.displayName(bucket.value().getOwnerId())))
            .build());
    responses.onCompleted();
  }

  @Override
  public void setVersioning(
      SetVersioningRequest request, StreamObserver<SetVersioningResponse> responses) {
    if (request.getVersioning() != Versioning.VERSIONING_ENABLED
        && request.getVersioning() != Versioning.VERSIONING_SUSPENDED) {
      throw Requests.invalid("versioning", "versions are ENABLED or SUSPENDED");
    }
    set(
        request.getName(),
        BucketSetting.newBuilder().setVersioning(request.getVersioning()).build());
    responses.onNext(SetVersioningResponse.getDefaultInstance());
    responses.onCompleted();
  }

  @Override
  public void setGuardedOverwrites(
      SetGuardedOverwritesRequest request, StreamObserver<SetGuardedOverwritesResponse> responses) {
    set(
        request.getName(),
        BucketSetting.newBuilder().setGuardedOverwrites(request.getGuarded()).build());
    responses.onNext(SetGuardedOverwritesResponse.getDefaultInstance());
    responses.onCompleted();
  }

  private void set(String bucket, BucketSetting setting) {
    Buckets.Reached reached = buckets.reach(bucket);
    Committed _ =
        commits.commit(
            Submission.of(
                new Mutation.SetBucketSetting(
                    reached.principal().userId(), reached.name(), setting),
                Optional.of(reached.principal().fence())));
  }

  @Override
  public void delete(DeleteBucketRequest request, StreamObserver<DeleteBucketResponse> responses) {
    Buckets.Reached reached = buckets.reach(request.getName());
    Committed _ =
        commits.commit(
            Submission.of(
                new Mutation.DeleteBucket(reached.principal().userId(), reached.name()),
                Optional.of(reached.principal().fence())));
    reached.bucket().incarnations().forEach(this::endUploads);
    responses.onNext(DeleteBucketResponse.getDefaultInstance());
    responses.onCompleted();
  }

  @Override
  public void list(ListBucketsRequest request, StreamObserver<ListBucketsResponse> responses) {
    KeyCaller principal = CallKeys.principal();
    int pageSize = Requests.pageSize(request.hasPageSize(), request.getPageSize(), MAX_PAGE_SIZE);
    if (pageSize == 0) {
      throw Requests.invalid("page_size", "a page has 1 to 10,000 buckets");
    }
    String listing = LISTING + '\0' + principal.userId() + '\0' + request.getPrefix();
    String after =
        request.getPageToken().isEmpty()
            ? ""
            : PageTokens.decode(listing, request.getPageToken()).toStringUtf8();
    List<BucketRow> found =
        catalog.bucketsOf(principal.userId(), request.getPrefix(), after, pageSize + 1);
    List<BucketRow> page = found.subList(0, Math.min(pageSize, found.size()));
    String displayName = buckets.displayName(principal.userId());
    ListBucketsResponse.Builder response =
        ListBucketsResponse.newBuilder()
            .setOwnerId(principal.userId())
            .setOwnerDisplayName(displayName);
    page.forEach(bucket -> response.addBuckets(Answers.bucket(catalog, bucket, displayName)));
    if (found.size() > pageSize) {
      String last = page.getLast().value().getName();
      response.setNextPageToken(PageTokens.encode(listing, ByteString.copyFromUtf8(last)));
    }
    responses.onNext(response.build());
    responses.onCompleted();
  }

  /// Open uploads do not keep a bucket from being deleted; nobody reaches them afterwards. Whatever
  /// goes wrong here, the bucket is gone, and that is what the caller asked for.
  private void endUploads(EntryDot incarnation) {
    Submission end = Submission.of(new Mutation.EndUploads(incarnation), Optional.empty());
    try {
      while (commits.commit(end).answer() instanceof Committed.UploadsEnded(int count)
          && count > 0) {}
    } catch (NodeException e) {
      LOG.warn("open uploads of a deleted bucket are left: {}", e.getMessage());
    }
  }
}
