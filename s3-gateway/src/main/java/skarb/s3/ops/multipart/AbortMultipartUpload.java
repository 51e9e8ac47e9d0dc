package skarb.s3.ops.multipart;

import skarb.s3.ops.Handler;
import skarb.s3.ops.NodeClient;
import skarb.s3.ops.S3Call;
import skarb.s3.ops.S3Response;
import skarb.v1.AbortUploadRequest;

/// AbortMultipartUpload: lets an upload and its parts go.
public final class AbortMultipartUpload implements Handler {
  private final NodeClient node;

  /// A handler that ends uploads in this node.
  public AbortMultipartUpload(NodeClient node) {
    this.node = node;
  }

  @Override
  public S3Response handle(S3Call call) {
    var _ =
        node.multipart(call)
            .abort(
                AbortUploadRequest.newBuilder()
                    .setBucket(call.bucket())
                    .setKey(call.key())
                    .setUploadId(UploadQuery.uploadId(call))
                    .build());
    return S3Response.of(204);
  }
}
