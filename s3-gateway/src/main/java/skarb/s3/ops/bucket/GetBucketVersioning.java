package skarb.s3.ops.bucket;

import skarb.s3.ops.Handler;
import skarb.s3.ops.NodeClient;
import skarb.s3.ops.S3Call;
import skarb.s3.ops.S3Response;
import skarb.s3.xml.VersioningXml;
import skarb.v1.GetBucketRequest;

/// GetBucketVersioning: whether a bucket keeps versions; an empty document where nobody ever said.
public final class GetBucketVersioning implements Handler {
  private final NodeClient node;

  /// A handler that asks this node.
  public GetBucketVersioning(NodeClient node) {
    this.node = node;
  }

  @Override
  public S3Response handle(S3Call call) {
    return S3Response.xml(
        200,
        VersioningXml.encode(
            node.buckets(call)
                .get(GetBucketRequest.newBuilder().setName(call.bucket()).build())
                .getBucket()
                .getVersioning()));
  }
}
