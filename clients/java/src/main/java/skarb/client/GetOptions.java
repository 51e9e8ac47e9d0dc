package skarb.client;

import java.util.Optional;
import java.util.OptionalInt;

/// What to read of an object.
///
/// @param versionId the version; empty: the current one
/// @param range the bytes; empty: all
/// @param partNumber the part of a multipart upload; goes without a range
/// @param condition what must hold
public record GetOptions(
    Optional<String> versionId,
    Optional<ByteRange> range,
    OptionalInt partNumber,
    ReadCondition condition) {
  /// Refuses a range of a part.
  public GetOptions {
    if (range.isPresent() && partNumber.isPresent()) {
      throw new IllegalArgumentException("a range and a part do not go together");
    }
  }

  /// All of the current version.
  public static GetOptions none() {
    return new GetOptions(
        Optional.empty(), Optional.empty(), OptionalInt.empty(), ReadCondition.none());
  }

  /// Of this version.
  public GetOptions withVersion(String value) {
    return new GetOptions(Optional.of(value), range, partNumber, condition);
  }

  /// These bytes.
  public GetOptions withRange(ByteRange value) {
    return new GetOptions(versionId, Optional.of(value), partNumber, condition);
  }

  /// This part, 1 to 10,000.
  public GetOptions withPart(int value) {
    return new GetOptions(versionId, range, OptionalInt.of(value), condition);
  }

  /// Under this condition.
  public GetOptions withCondition(ReadCondition value) {
    return new GetOptions(versionId, range, partNumber, value);
  }
}
