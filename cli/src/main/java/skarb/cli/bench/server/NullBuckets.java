package skarb.cli.bench.server;

import io.grpc.stub.StreamObserver;
import skarb.v1.BucketsGrpc;
import skarb.v1.CreateBucketRequest;
import skarb.v1.CreateBucketResponse;
import skarb.v1.DeleteBucketRequest;
import skarb.v1.DeleteBucketResponse;

/// Buckets that are not kept.
final class NullBuckets extends BucketsGrpc.BucketsImplBase {
  @Override
  public void create(CreateBucketRequest request, StreamObserver<CreateBucketResponse> answer) {
    answer.onNext(CreateBucketResponse.getDefaultInstance());
    answer.onCompleted();
  }

  @Override
  public void delete(DeleteBucketRequest request, StreamObserver<DeleteBucketResponse> answer) {
    answer.onNext(DeleteBucketResponse.getDefaultInstance());
    answer.onCompleted();
  }
}
