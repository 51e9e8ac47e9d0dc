package skarb.client;

import java.util.Optional;

/// What to delete of an object.
///
/// @param versionId the version to remove for good; empty: the current one
/// @param condition what must hold
public record DeleteOptions(Optional<String> versionId, WriteCondition condition) {
  /// The current version.
  public static DeleteOptions none() {
    return new DeleteOptions(Optional.empty(), WriteCondition.none());
  }

  /// This version, for good.
  public DeleteOptions withVersion(String value) {
    return new DeleteOptions(Optional.of(value), condition);
  }

  /// Under this condition.
  public DeleteOptions withCondition(WriteCondition value) {
    return new DeleteOptions(versionId, value);
  }
}
