package skarb.s3.ops.multipart;

import java.time.InstantSource;
import skarb.s3.headers.CopyRangeHeader;
import skarb.s3.headers.CopySourceHeader;
import skarb.s3.headers.UnservedFeatures;
import skarb.s3.ops.Handler;
import skarb.s3.ops.NodeClient;
import skarb.s3.ops.S3Call;
import skarb.s3.ops.S3Response;
import skarb.s3.ops.SlowAnswers;
import skarb.s3.xml.UploadXml;
import skarb.v1.CopyPartRequest;
import skarb.v1.CopyPartResponse;

/// UploadPartCopy: a part that is an object, or a range of one. The node copies no bytes, but reads
/// them for the part's digests.
public final class UploadPartCopy implements Handler {
  private final NodeClient node;
  private final SlowAnswers slow;
  private final InstantSource clock;

  /// A handler that copies within this node.
  ///
  /// @param clock tells which dates lie in the future
  public UploadPartCopy(NodeClient node, SlowAnswers slow, InstantSource clock) {
    this.node = node;
    this.slow = slow;
    this.clock = clock;
  }

  @Override
  public S3Response handle(S3Call call) {
    UnservedFeatures.refuse(call.head());
    CopyPartRequest.Builder request =
        CopyPartRequest.newBuilder()
            .setSource(CopySourceHeader.parse(call.head(), clock.instant()))
            .setBucket(call.bucket())
            .setKey(call.key())
            .setUploadId(UploadQuery.uploadId(call))
            .setPartNumber(UploadQuery.partNumber(call));
    CopyRangeHeader.parse(call.head()).ifPresent(request::setRange);
    return slow.await(node.slowMultipart(call).copyPart(request.build()), UploadPartCopy::encode);
  }

  private static S3Response encode(CopyPartResponse copied) {
    S3Response response = S3Response.xml(200, UploadXml.encodeCopied(copied.getPart()));
    if (copied.hasSourceVersionId()) {
      response.header("x-amz-copy-source-version-id", copied.getSourceVersionId());
    }
    return response;
  }
}
