package skarb.s3.ops;

import java.util.Optional;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;
import skarb.s3.headers.CopySourceHeader;
import skarb.s3.route.S3Operation;
import skarb.v1.GetBucketRequest;

/// `x-amz-expected-bucket-owner`, and `x-amz-source-expected-bucket-owner` for what is copied: a
/// request on a bucket of anybody else is refused.
public final class BucketOwnerCheck {
  private static final String HEADER = "x-amz-expected-bucket-owner";
  private static final String SOURCE_HEADER = "x-amz-source-expected-bucket-owner";

  private final NodeClient node;

  /// A check that asks this node.
  public BucketOwnerCheck(NodeClient node) {
    this.node = node;
  }

  /// Checks, where the request carries the headers.
  ///
  /// @throws S3Exception AccessDenied
  public void check(S3Call call) {
    S3Operation operation = call.request().operation();
    Optional<String> owner = call.request().header(HEADER);
    if (owner.isPresent() && !call.bucket().isEmpty() && operation != S3Operation.CREATE_BUCKET) {
      check(call, call.bucket(), owner.get());
    }
    Optional<String> sourceOwner = call.request().header(SOURCE_HEADER);
    if (sourceOwner.isPresent()
        && (operation == S3Operation.COPY_OBJECT || operation == S3Operation.UPLOAD_PART_COPY)) {
      check(call, CopySourceHeader.bucket(call.head()), sourceOwner.get());
    }
  }

  private void check(S3Call call, String bucket, String expected) {
    String owner =
        node.buckets(call)
            .get(GetBucketRequest.newBuilder().setName(bucket).build())
            .getBucket()
            .getOwnerId();
    if (!owner.equals(expected)) {
      throw new S3Exception(S3Error.ACCESS_DENIED);
    }
  }
}
