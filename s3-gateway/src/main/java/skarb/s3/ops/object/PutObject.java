package skarb.s3.ops.object;

import com.google.protobuf.ByteString;
import skarb.s3.ops.BodyContent;
import skarb.s3.ops.ChecksumAnswer;
import skarb.s3.ops.Handler;
import skarb.s3.ops.MemoryBudget;
import skarb.s3.ops.NodeClient;
import skarb.s3.ops.S3Call;
import skarb.s3.ops.S3Response;
import skarb.s3.ops.UploadStream;
import skarb.v1.Checksums;
import skarb.v1.PutRequest;
import skarb.v1.PutResult;
import skarb.v1.UploadHeader;

/// PutObject. A small body goes in one call; anything else, and whatever a client announces with
/// `Expect: 100-continue`, is streamed, so that the node judges the head before the body is sent.
public final class PutObject implements Handler {
  private final NodeClient node;
  private final MemoryBudget memory;

  /// A handler that stores in this node.
  ///
  /// @param memory what bodies share
  public PutObject(NodeClient node, MemoryBudget memory) {
    this.node = node;
    this.memory = memory;
  }

  @Override
  public S3Response handle(S3Call call) {
    BodyContent content = BodyContent.of(call);
    UploadHeader header = UploadHeaders.decode(call, content.length());
    boolean small =
        content.length() <= BodyContent.MAX_FRAME_BYTES && !call.body().expectsContinue();
    long memoryBytes = small ? 2 * content.length() : MemoryBudget.STREAM_BYTES;
    try (MemoryBudget.Share _ = memory.take(memoryBytes)) {
      return encode(small ? putWhole(call, header, content) : putStreamed(call, header, content));
    }
  }

  private PutResult putWhole(S3Call call, UploadHeader header, BodyContent content) {
    ByteString.Output whole = ByteString.newOutput((int) Math.max(32, content.length()));
    Checksums trailing = content.readAll((bytes, length) -> whole.write(bytes, 0, length));
    // The body is whole here, so what came after it is as good as what came before.
    UploadHeader complete =
        trailing.equals(Checksums.getDefaultInstance())
            ? header
            : header.toBuilder()
                .setExpected(header.getExpected().toBuilder().mergeFrom(trailing))
                .build();
    return node.objects(call)
        .put(PutRequest.newBuilder().setHeader(complete).setContent(whole.toByteString()).build())
        .getResult();
  }

  private PutResult putStreamed(S3Call call, UploadHeader header, BodyContent content) {
    try (UploadStream<?, ?, PutResult> upload = node.upload(call, header)) {
      return upload.finish(content.readAll(upload::send));
    }
  }

  private static S3Response encode(PutResult result) {
    S3Response response = S3Response.of(200).header("ETag", '"' + result.getEtag() + '"');
    ChecksumAnswer.add(response, result.getChecksums(), result.getChecksumType(), 1);
    if (result.hasVersionId()) {
      response.header("x-amz-version-id", result.getVersionId());
    }
    return response.body(new S3Response.Body.LengthOnly(0));
  }
}
