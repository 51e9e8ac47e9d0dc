package skarb.s3.ops.bucket;

import skarb.s3.ops.Handler;
import skarb.s3.ops.NodeClient;
import skarb.s3.ops.S3Call;
import skarb.s3.ops.S3Response;
import skarb.v1.DeleteBucketRequest;

/// DeleteBucket: of an empty one.
public final class DeleteBucket implements Handler {
  private final NodeClient node;

  /// A handler that deletes from this node.
  public DeleteBucket(NodeClient node) {
    this.node = node;
  }

  @Override
  public S3Response handle(S3Call call) {
    var _ =
        node.buckets(call).delete(DeleteBucketRequest.newBuilder().setName(call.bucket()).build());
    return S3Response.of(204);
  }
}
