package skarb.client;

import java.util.Map;
import java.util.Optional;

/// How a copy differs from its source.
///
/// @param replacement what is said about the copy in place of what is said about the source; empty:
///   the same
/// @param condition what must hold of what the copy replaces
/// @param checksumAlgorithm the checksum that the copy shall have; empty: those of the source
public record CopyOptions(
    Optional<Replacement> replacement,
    WriteCondition condition,
    Optional<ChecksumAlgorithm> checksumAlgorithm) {

  /// What is said about a copy.
  ///
  /// @param headers its headers
  /// @param metadata its pairs
  public record Replacement(ContentHeaders headers, Map<String, String> metadata) {}

  /// As the source is.
  public static CopyOptions none() {
    return new CopyOptions(Optional.empty(), WriteCondition.none(), Optional.empty());
  }

  /// With other headers and metadata.
  public CopyOptions replacing(ContentHeaders headers, Map<String, String> metadata) {
    return new CopyOptions(
        Optional.of(new Replacement(headers, metadata)), condition, checksumAlgorithm);
  }

  /// Under this condition.
  public CopyOptions withCondition(WriteCondition value) {
    return new CopyOptions(replacement, value, checksumAlgorithm);
  }

  /// With this checksum.
  public CopyOptions withChecksum(ChecksumAlgorithm value) {
    return new CopyOptions(replacement, condition, Optional.of(value));
  }
}
