package skarb.s3.ops.bucket;

import io.grpc.StatusRuntimeException;
import java.util.Map;
import java.util.Optional;
import skarb.s3.error.ErrorMapper;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;
import skarb.s3.headers.UnservedFeatures;
import skarb.s3.ops.DocumentBody;
import skarb.s3.ops.Handler;
import skarb.s3.ops.MemoryBudget;
import skarb.s3.ops.NodeClient;
import skarb.s3.ops.S3Call;
import skarb.s3.ops.S3Response;
import skarb.s3.xml.CreateBucketXml;
import skarb.v1.CreateBucketRequest;
import skarb.v1.ErrorReason;

/// CreateBucket. Any well-formed LocationConstraint is taken, kept and given back, since clients
/// are set up for regions that mean nothing here.
public final class CreateBucket implements Handler {
  private static final int MAX_DOCUMENT_BYTES = 64 * 1024;
  private static final int MAX_LOCATION_CHARS = 64;

  /// The region that needs no name, and where creating one's own bucket again succeeds.
  private static final String CLASSIC_REGION = "us-east-1";

  private final NodeClient node;
  private final MemoryBudget memory;
  private final String region;

  /// A handler that makes buckets in this node.
  ///
  /// @param memory what bodies share
  /// @param region the gateway's own
  public CreateBucket(NodeClient node, MemoryBudget memory, String region) {
    this.node = node;
    this.memory = memory;
    this.region = region;
  }

  @Override
  public S3Response handle(S3Call call) {
    UnservedFeatures.refuse(call.head());
    String location = location(call);
    try {
      node.buckets(call)
          .create(
              CreateBucketRequest.newBuilder()
                  .setName(call.bucket())
                  .setLocation(location)
                  .build());
    } catch (StatusRuntimeException e) {
      if (!isClassicRepeat(e, location)) {
        throw e;
      }
    }
    return S3Response.of(200)
        .header("Location", "/" + call.bucket())
        .body(new S3Response.Body.LengthOnly(0));
  }

  private boolean isClassicRepeat(StatusRuntimeException failure, String location) {
    return region.equals(CLASSIC_REGION)
        && location.isEmpty()
        && ErrorMapper.reason(failure)
            .equals(Optional.of(ErrorReason.ERROR_REASON_BUCKET_ALREADY_OWNED_BY_YOU));
  }

  private String location(S3Call call) {
    if (call.body().length() == 0) {
      return "";
    }
    String location =
        DocumentBody.read(
            call,
            MAX_DOCUMENT_BYTES,
            memory,
            document -> document.isEmpty() ? "" : CreateBucketXml.decode(document));
    if (location.equals(CLASSIC_REGION) || !isWellFormed(location)) {
      throw new S3Exception(
          S3Error.INVALID_LOCATION_CONSTRAINT,
          S3Error.INVALID_LOCATION_CONSTRAINT.message(),
          Map.of("LocationConstraint", location),
          Map.of());
    }
    return location;
  }

  private static boolean isWellFormed(String location) {
    if (location.length() > MAX_LOCATION_CHARS) {
      return false;
    }
    for (int i = 0; i < location.length(); i++) {
      char c = location.charAt(i);
      boolean allowed =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
      if (!allowed) {
        return false;
      }
    }
    return true;
  }
}
