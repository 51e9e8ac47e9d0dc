package skarb.s3.ops.bucket;

import skarb.s3.ops.DocumentBody;
import skarb.s3.ops.Handler;
import skarb.s3.ops.MemoryBudget;
import skarb.s3.ops.NodeClient;
import skarb.s3.ops.S3Call;
import skarb.s3.ops.S3Response;
import skarb.s3.xml.VersioningXml;
import skarb.v1.SetVersioningRequest;
import skarb.v1.Versioning;

/// PutBucketVersioning: versions are kept from now on, or no longer made.
public final class PutBucketVersioning implements Handler {
  private static final int MAX_DOCUMENT_BYTES = 64 * 1024;

  private final NodeClient node;
  private final MemoryBudget memory;

  /// A handler that sets it in this node.
  ///
  /// @param memory what bodies share
  public PutBucketVersioning(NodeClient node, MemoryBudget memory) {
    this.node = node;
    this.memory = memory;
  }

  @Override
  public S3Response handle(S3Call call) {
    Versioning versioning =
        DocumentBody.read(call, MAX_DOCUMENT_BYTES, memory, VersioningXml::decode);
    var _ =
        node.buckets(call)
            .setVersioning(
                SetVersioningRequest.newBuilder()
                    .setName(call.bucket())
                    .setVersioning(versioning)
                    .build());
    return S3Response.of(200).body(new S3Response.Body.LengthOnly(0));
  }
}
