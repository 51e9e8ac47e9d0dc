package skarb.s3.ops;

import java.util.Optional;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;
import skarb.s3.route.S3Operation;
import skarb.v1.GetBucketRequest;

/// `x-amz-expected-bucket-owner`: a request on a bucket of anybody else is refused.
public final class BucketOwnerCheck {
  private static final String HEADER = "x-amz-expected-bucket-owner";

  private final NodeClient node;

  /// A check that asks this node.
  public BucketOwnerCheck(NodeClient node) {
    this.node = node;
  }

  /// Checks, where the request carries the header.
  ///
  /// @throws S3Exception AccessDenied
  public void check(S3Call call) {
    Optional<String> expected = call.request().header(HEADER);
    if (expected.isEmpty()
        || call.bucket().isEmpty()
        || call.request().operation() == S3Operation.CREATE_BUCKET) {
      return;
    }
    String owner =
        node.buckets(call)
            .get(GetBucketRequest.newBuilder().setName(call.bucket()).build())
            .getBucket()
            .getOwnerId();
    if (!owner.equals(expected.get())) {
      throw new S3Exception(S3Error.ACCESS_DENIED);
    }
  }
}
