package skarb.s3.ops.bucket;

import skarb.s3.ops.Handler;
import skarb.s3.ops.NodeClient;
import skarb.s3.ops.S3Call;
import skarb.s3.ops.S3Response;
import skarb.s3.xml.CreateBucketXml;
import skarb.v1.BucketInfo;
import skarb.v1.GetBucketRequest;

/// GetBucketLocation: the LocationConstraint that the bucket was made with. As on AWS, us-east-1 is
/// told by an empty one.
public final class GetBucketLocation implements Handler {
  private static final String CLASSIC_REGION = "us-east-1";

  private final NodeClient node;
  private final String region;

  /// A handler that asks this node.
  ///
  /// @param region of buckets that name none
  public GetBucketLocation(NodeClient node, String region) {
    this.node = node;
    this.region = region;
  }

  @Override
  public S3Response handle(S3Call call) {
    BucketInfo bucket =
        node.buckets(call)
            .get(GetBucketRequest.newBuilder().setName(call.bucket()).build())
            .getBucket();
    String location = bucket.getLocation().isEmpty() ? region : bucket.getLocation();
    return S3Response.xml(
        200, CreateBucketXml.encodeLocation(location.equals(CLASSIC_REGION) ? "" : location));
  }
}
