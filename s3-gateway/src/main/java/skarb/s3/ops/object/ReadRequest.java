package skarb.s3.ops.object;

import java.time.Instant;
import java.util.Optional;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;
import skarb.s3.headers.Conditional;
import skarb.s3.headers.RangeHeader;
import skarb.s3.headers.UnservedFeatures;
import skarb.s3.ops.S3Call;
import skarb.v1.ByteRange;
import skarb.v1.ReadConditions;

/// What GetObject and HeadObject ask for alike.
///
/// @param range empty for the whole object
/// @param onePart whether `partNumber=1` was asked for: the whole object, answered as a part
record ReadRequest(
    Optional<String> versionId,
    Optional<ByteRange> range,
    Optional<ReadConditions> conditions,
    boolean onePart) {

  static ReadRequest decode(S3Call call, Instant now) {
    UnservedFeatures.refuseEncryption(call.head());
    ResponseOverrides.check(call);
    Optional<String> version = call.versionId();
    if (version.isPresent() && version.get().isEmpty()) {
      throw new S3Exception(S3Error.INVALID_ARGUMENT, "Version id cannot be the empty string");
    }
    return new ReadRequest(
        version, range(call), Conditional.forRead(call.head(), now), onePart(call));
  }

  /// With If-Range the whole object is sent, as is always right: whether the client's copy is of
  /// the same object is not looked at.
  private static Optional<ByteRange> range(S3Call call) {
    return call.request().header("if-range").isPresent()
        ? Optional.empty()
        : call.request().header("range").flatMap(RangeHeader::parse);
  }

  private static boolean onePart(S3Call call) {
    Optional<String> number = call.request().query().first("partNumber");
    if (number.isEmpty()) {
      return false;
    }
    if (call.request().header("range").isPresent()) {
      throw new S3Exception(
          S3Error.INVALID_REQUEST,
          "Cannot specify both Range header and partNumber query parameter");
    }
    int part = parsePart(number.get());
    if (part != 1) {
      // No object has more than one part until multipart uploads are served.
      throw new S3Exception(S3Error.INVALID_PART_NUMBER);
    }
    return true;
  }

  private static int parsePart(String text) {
    try {
      int part = Integer.parseInt(text);
      if (part >= 1 && part <= 10_000) {
        return part;
      }
    } catch (NumberFormatException e) {
      // Answered below.
    }
    throw new S3Exception(
        S3Error.INVALID_ARGUMENT, "Part number must be an integer between 1 and 10000, inclusive");
  }
}
