package skarb.s3.ops.object;

import java.time.Instant;
import java.time.InstantSource;
import skarb.s3.error.S3Exception;
import skarb.s3.headers.ChecksumHeaders;
import skarb.s3.headers.Conditional;
import skarb.s3.headers.CopySourceHeader;
import skarb.s3.headers.ObjectHeaders;
import skarb.s3.headers.UnservedFeatures;
import skarb.s3.ops.Handler;
import skarb.s3.ops.NodeClient;
import skarb.s3.ops.S3Call;
import skarb.s3.ops.S3Response;
import skarb.s3.ops.SlowAnswers;
import skarb.s3.xml.CopyResultXml;
import skarb.v1.CopyRequest;
import skarb.v1.CopyResponse;
import skarb.v1.PutResult;

/// CopyObject. The node copies no bytes, but may have to read them for the copy's digests: that can
/// take minutes.
public final class CopyObject implements Handler {
  private final NodeClient node;
  private final SlowAnswers slow;
  private final InstantSource clock;

  /// A handler that copies within this node.
  ///
  /// @param clock tells which dates lie in the future
  public CopyObject(NodeClient node, SlowAnswers slow, InstantSource clock) {
    this.node = node;
    this.slow = slow;
    this.clock = clock;
  }

  @Override
  public S3Response handle(S3Call call) {
    CopyRequest request = decode(call, clock.instant());
    return slow.await(node.slowObjects(call).copy(request), CopyObject::encode);
  }

  private static CopyRequest decode(S3Call call, Instant now) {
    UnservedFeatures.refuse(call.head());
    CopyRequest.Builder request =
        CopyRequest.newBuilder()
            .setSource(CopySourceHeader.parse(call.head(), now))
            .setBucket(call.bucket())
            .setKey(call.key());
    if (replaces(call, "x-amz-metadata-directive", "Unknown metadata directive.")) {
      request.setReplaceAttributes(true).setAttributes(ObjectHeaders.parse(call.head()));
    }
    // There are no tags to copy or to replace; new ones were refused above.
    var _ = replaces(call, "x-amz-tagging-directive", "Unknown tagging directive.");
    Conditional.forPut(call.head()).ifPresent(request::setConditions);
    ChecksumHeaders.asked(call.head()).ifPresent(request::setChecksumAlgorithm);
    return request.build();
  }

  private static boolean replaces(S3Call call, String header, String otherwise) {
    String directive = call.request().header(header).orElse("COPY");
    return switch (directive) {
      case "COPY" -> false;
      case "REPLACE" -> true;
      default -> throw S3Exception.invalidArgument(otherwise, header, directive);
    };
  }

  private static S3Response encode(CopyResponse copied) {
    PutResult result = copied.getResult();
    S3Response response = S3Response.xml(200, CopyResultXml.encodeObject(copied));
    if (result.hasVersionId()) {
      response.header("x-amz-version-id", result.getVersionId());
    }
    if (copied.hasSourceVersionId()) {
      response.header("x-amz-copy-source-version-id", copied.getSourceVersionId());
    }
    return response;
  }
}
