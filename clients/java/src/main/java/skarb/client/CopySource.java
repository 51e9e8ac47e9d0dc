package skarb.client;

import java.util.Optional;

/// Which object is copied.
///
/// @param bucket its bucket
/// @param key its key
/// @param versionId the version; empty: the current one
/// @param condition what must hold of it, else [SkarbException.FailedPrecondition]
public record CopySource(
    String bucket, String key, Optional<String> versionId, ReadCondition condition) {
  /// The current version.
  public static CopySource of(String bucket, String key) {
    return new CopySource(bucket, key, Optional.empty(), ReadCondition.none());
  }

  /// This version.
  public CopySource withVersion(String value) {
    return new CopySource(bucket, key, Optional.of(value), condition);
  }

  /// Under this condition.
  public CopySource withCondition(ReadCondition value) {
    return new CopySource(bucket, key, versionId, value);
  }
}
