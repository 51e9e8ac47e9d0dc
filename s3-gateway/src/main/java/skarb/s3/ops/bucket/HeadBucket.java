package skarb.s3.ops.bucket;

import skarb.s3.ops.Handler;
import skarb.s3.ops.NodeClient;
import skarb.s3.ops.S3Call;
import skarb.s3.ops.S3Response;
import skarb.v1.BucketInfo;
import skarb.v1.GetBucketRequest;

/// HeadBucket: whether a bucket is there and the caller may see it, and its region.
public final class HeadBucket implements Handler {
  private final NodeClient node;
  private final String region;

  /// A handler that asks this node.
  ///
  /// @param region of buckets that name none
  public HeadBucket(NodeClient node, String region) {
    this.node = node;
    this.region = region;
  }

  @Override
  public S3Response handle(S3Call call) {
    BucketInfo bucket =
        node.buckets(call)
            .get(GetBucketRequest.newBuilder().setName(call.bucket()).build())
            .getBucket();
    return S3Response.of(200)
        .header(
            "x-amz-bucket-region", bucket.getLocation().isEmpty() ? region : bucket.getLocation())
        .body(new S3Response.Body.LengthOnly(0));
  }
}
