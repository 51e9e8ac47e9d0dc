package skarb.s3.ops.object;

import java.time.Instant;
import java.util.Optional;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;
import skarb.s3.headers.Conditional;
import skarb.s3.headers.RangeHeader;
import skarb.s3.headers.UnservedFeatures;
import skarb.s3.ops.PartNumber;
import skarb.s3.ops.S3Call;
import skarb.v1.ByteRange;
import skarb.v1.ReadConditions;

/// What GetObject and HeadObject ask for alike.
///
/// @param range empty for the whole object
/// @param part the number of the part that is wanted; empty for none in particular
record ReadRequest(
    Optional<String> versionId,
    Optional<ByteRange> range,
    Optional<ReadConditions> conditions,
    Optional<Integer> part) {

  static ReadRequest decode(S3Call call, Instant now) {
    UnservedFeatures.refuseEncryption(call.head());
    ResponseOverrides.check(call);
    return new ReadRequest(
        call.versionId(), range(call), Conditional.forRead(call.head(), now), part(call));
  }

  /// With If-Range the whole object is sent, as is always right: whether the client's copy is of
  /// the same object is not looked at.
  private static Optional<ByteRange> range(S3Call call) {
    return call.request().header("if-range").isPresent()
        ? Optional.empty()
        : call.request().header("range").flatMap(RangeHeader::parse);
  }

  private static Optional<Integer> part(S3Call call) {
    Optional<Integer> part = call.request().query().first("partNumber").map(PartNumber::parse);
    if (part.isPresent() && call.request().header("range").isPresent()) {
      throw new S3Exception(
          S3Error.INVALID_REQUEST,
          "Cannot specify both Range header and partNumber query parameter");
    }
    return part;
  }
}
