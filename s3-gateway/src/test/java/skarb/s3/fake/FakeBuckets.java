package skarb.s3.fake;

import com.google.protobuf.Timestamp;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.function.Supplier;
import skarb.v1.BucketInfo;
import skarb.v1.BucketsGrpc;
import skarb.v1.CreateBucketRequest;
import skarb.v1.CreateBucketResponse;
import skarb.v1.DeleteBucketRequest;
import skarb.v1.DeleteBucketResponse;
import skarb.v1.ErrorReason;
import skarb.v1.GetBucketRequest;
import skarb.v1.GetBucketResponse;
import skarb.v1.ListBucketsRequest;
import skarb.v1.ListBucketsResponse;

final class FakeBuckets extends BucketsGrpc.BucketsImplBase {
  private final FakeStore store;
  private final FakeAccess access;

  FakeBuckets(FakeStore store, FakeAccess access) {
    this.store = store;
    this.access = access;
  }

  @Override
  public void create(CreateBucketRequest request, StreamObserver<CreateBucketResponse> out) {
    answer(
        out,
        () -> {
          String owner = access.caller();
          if (request.getName().length() < 3) {
            throw Errors.invalid(ErrorReason.ERROR_REASON_INVALID_BUCKET_NAME);
          }
          BucketInfo made =
              BucketInfo.newBuilder()
                  .setName(request.getName())
                  .setCreated(Timestamp.newBuilder().setSeconds(1_700_000_000))
                  .setOwnerId(owner)
                  .setOwnerDisplayName("Owner of " + request.getName())
                  .setLocation(request.getLocation())
                  .build();
          BucketInfo before = store.buckets.putIfAbsent(request.getName(), made);
          if (before != null) {
            throw Errors.of(
                Status.Code.ALREADY_EXISTS,
                before.getOwnerId().equals(owner)
                    ? ErrorReason.ERROR_REASON_BUCKET_ALREADY_OWNED_BY_YOU
                    : ErrorReason.ERROR_REASON_BUCKET_ALREADY_EXISTS,
                Map.of("bucket", request.getName()));
          }
          return CreateBucketResponse.newBuilder().setBucket(made).build();
        });
  }

  @Override
  public void get(GetBucketRequest request, StreamObserver<GetBucketResponse> out) {
    answer(
        out,
        () -> {
          BucketInfo bucket = store.bucket(request.getName());
          String caller = access.caller();
          if (!bucket.getOwnerId().equals(caller)) {
            throw Errors.of(
                Status.Code.PERMISSION_DENIED, ErrorReason.ERROR_REASON_ACCESS_DENIED, Map.of());
          }
          return GetBucketResponse.newBuilder().setBucket(bucket).build();
        });
  }

  @Override
  public void delete(DeleteBucketRequest request, StreamObserver<DeleteBucketResponse> out) {
    answer(
        out,
        () -> {
          store.bucket(request.getName());
          if (!store.objects(request.getName()).isEmpty()) {
            throw Errors.of(
                Status.Code.FAILED_PRECONDITION,
                ErrorReason.ERROR_REASON_BUCKET_NOT_EMPTY,
                Map.of("bucket", request.getName()));
          }
          store.buckets.remove(request.getName());
          return DeleteBucketResponse.getDefaultInstance();
        });
  }

  @Override
  public void list(ListBucketsRequest request, StreamObserver<ListBucketsResponse> out) {
    answer(
        out,
        () -> {
          String caller = access.caller();
          ListBucketsResponse.Builder page =
              ListBucketsResponse.newBuilder().setOwnerId(caller).setOwnerDisplayName("Caller");
          for (BucketInfo bucket : store.buckets.values()) {
            boolean listed =
                bucket.getOwnerId().equals(caller)
                    && bucket.getName().startsWith(request.getPrefix())
                    && bucket.getName().compareTo(request.getPageToken()) > 0;
            if (listed && page.getBucketsCount() == request.getPageSize()) {
              page.setNextPageToken(page.getBuckets(page.getBucketsCount() - 1).getName());
              break;
            }
            if (listed) {
              page.addBuckets(bucket);
            }
          }
          return page.build();
        });
  }

  static <T> void answer(StreamObserver<T> out, Supplier<T> work) {
    T result;
    try {
      result = work.get();
    } catch (StatusRuntimeException e) {
      out.onError(e);
      return;
    }
    out.onNext(result);
    out.onCompleted();
  }
}
