package skarb.node.service;

import com.google.protobuf.Timestamp;
import java.util.Map;
import skarb.node.model.Etag;
import skarb.node.model.NodeException;
import skarb.v1.Body;
import skarb.v1.ByteRange;
import skarb.v1.ContentRange;
import skarb.v1.ErrorReason;
import skarb.v1.EtagCondition;
import skarb.v1.ReadConditions;

/// The rules of RFC 9110 for reads: the order of conditions in section 13.2.2, and ranges in
/// section 14. Times count in whole seconds, as HTTP's do.
final class ReadRules {
  private static final long MILLIS_PER_SECOND = 1000;

  private ReadRules() {}

  /// Judges conditions in their order.
  ///
  /// @throws NodeException PRECONDITION_FAILED or NOT_MODIFIED
  static void check(ReadConditions conditions, Body body) {
    String etag = Etag.of(body);
    long modifiedSeconds = Math.floorDiv(body.getModifiedMillis(), MILLIS_PER_SECOND);
    if (conditions.hasIfMatch()) {
      if (!matches(conditions.getIfMatch(), etag)) {
        throw failed("If-Match");
      }
    } else if (conditions.hasIfUnmodifiedSince()
        && isAfter(modifiedSeconds, conditions.getIfUnmodifiedSince())) {
      throw failed("If-Unmodified-Since");
    }
    if (conditions.hasIfNoneMatch()) {
      if (matches(conditions.getIfNoneMatch(), etag)) {
        throw notModified(etag, body);
      }
    } else if (conditions.hasIfModifiedSince()
        && !isAfter(modifiedSeconds, conditions.getIfModifiedSince())) {
      throw notModified(etag, body);
    }
  }

  private static boolean matches(EtagCondition condition, String etag) {
    return condition.getAny() || condition.getEtagsList().contains(etag);
  }

  private static boolean isAfter(long modifiedSeconds, Timestamp time) {
    return modifiedSeconds > time.getSeconds();
  }

  private static NodeException failed(String condition) {
    return new NodeException(
        ErrorReason.ERROR_REASON_PRECONDITION_FAILED,
        condition + " does not hold",
        Map.of("condition", condition));
  }

  private static NodeException notModified(String etag, Body body) {
    return new NodeException(
        ErrorReason.ERROR_REASON_NOT_MODIFIED,
        "the caller has it",
        Map.of("etag", etag, "last_modified_millis", Long.toString(body.getModifiedMillis())));
  }

  /// The bytes that a range stands for.
  ///
  /// @throws NodeException INVALID_RANGE where none of them exists
  static ContentRange resolve(ByteRange range, long size) {
    long first = 0;
    long last = size - 1;
    if (range.hasSuffixLength()) {
      long length = range.getSuffixLength();
      if (length == 0 || size == 0) {
        throw unsatisfiable(size);
      }
      first = Long.compareUnsigned(length, size) >= 0 ? 0 : size - length;
    } else if (range.hasFirst()) {
      first = range.getFirst();
      if (Long.compareUnsigned(first, size) >= 0) {
        throw unsatisfiable(size);
      }
      if (range.hasLast() && Long.compareUnsigned(range.getLast(), size) < 0) {
        last = range.getLast();
      }
    }
    return ContentRange.newBuilder().setFirst(first).setLength(last - first + 1).build();
  }

  private static NodeException unsatisfiable(long size) {
    return new NodeException(
        ErrorReason.ERROR_REASON_INVALID_RANGE,
        "no byte of the range exists",
        Map.of("size", Long.toString(size)));
  }
}
