package skarb.s3.ops.multipart;

import skarb.s3.headers.UnservedFeatures;
import skarb.s3.ops.BodyContent;
import skarb.s3.ops.ChecksumAnswer;
import skarb.s3.ops.Handler;
import skarb.s3.ops.MemoryBudget;
import skarb.s3.ops.NodeClient;
import skarb.s3.ops.S3Call;
import skarb.s3.ops.S3Response;
import skarb.s3.ops.UploadPromise;
import skarb.s3.ops.UploadStream;
import skarb.v1.PartHeader;
import skarb.v1.PartInfo;

/// UploadPart: streamed, so that the node judges the head before anything of the body is read.
public final class UploadPart implements Handler {
  private final NodeClient node;
  private final MemoryBudget memory;

  /// A handler that stores in this node.
  ///
  /// @param memory what bodies share
  public UploadPart(NodeClient node, MemoryBudget memory) {
    this.node = node;
    this.memory = memory;
  }

  @Override
  public S3Response handle(S3Call call) {
    BodyContent content = BodyContent.of(call);
    PartHeader header = header(call, content.length());
    long memoryBytes =
        content.length() <= BodyContent.MAX_FRAME_BYTES
            ? 2 * content.length()
            : MemoryBudget.STREAM_BYTES;
    try (MemoryBudget.Share _ = memory.take(memoryBytes);
        UploadStream<?, ?, PartInfo> upload = node.uploadPart(call, header)) {
      return encode(upload.finish(content.readAll(upload::send)));
    }
  }

  private static PartHeader header(S3Call call, long length) {
    UnservedFeatures.refuse(call.head());
    UploadPromise promise = UploadPromise.of(call, length);
    PartHeader.Builder header =
        PartHeader.newBuilder()
            .setBucket(call.bucket())
            .setKey(call.key())
            .setUploadId(UploadQuery.uploadId(call))
            .setPartNumber(UploadQuery.partNumber(call))
            .setContentLength(length)
            .setExpected(promise.expected())
            .setSignedSha256(promise.signedSha256());
    promise.algorithm().ifPresent(header::setChecksumAlgorithm);
    return header.build();
  }

  private static S3Response encode(PartInfo part) {
    S3Response response = S3Response.of(200).header("ETag", '"' + part.getEtag() + '"');
    ChecksumAnswer.addPart(response, part.getChecksums());
    return response.body(new S3Response.Body.LengthOnly(0));
  }
}
