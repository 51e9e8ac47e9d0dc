package skarb.client;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What is said about an object as it is stored.
///
/// @param headers headers that are stored with it
/// @param metadata the application's own pairs: names in lower case without `x-amz-meta-`, at most
///   2,048 bytes in all
/// @param condition what must hold of what is there
/// @param checksumAlgorithm the checksum to compute, send and store; empty: the configuration's
public record PutOptions(
    ContentHeaders headers,
    Map<String, String> metadata,
    WriteCondition condition,
    Optional<ChecksumAlgorithm> checksumAlgorithm) {
  /// Copies the map; refuses MD5, which cannot be asked for.
  public PutOptions {
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    if (checksumAlgorithm.filter(ChecksumAlgorithm.MD5::equals).isPresent()) {
      throw new IllegalArgumentException("MD5 is not a checksum that can be asked for");
    }
  }

  /// Nothing is said.
  public static PutOptions none() {
    return new PutOptions(ContentHeaders.none(), Map.of(), WriteCondition.none(), Optional.empty());
  }

  /// With these headers.
  public PutOptions withHeaders(ContentHeaders value) {
    return new PutOptions(value, metadata, condition, checksumAlgorithm);
  }

  /// With this Content-Type beside the other headers.
  public PutOptions withContentType(String value) {
    return withHeaders(headers.withContentType(value));
  }

  /// With these pairs.
  public PutOptions withMetadata(Map<String, String> value) {
    return new PutOptions(headers, value, condition, checksumAlgorithm);
  }

  /// Under this condition.
  public PutOptions withCondition(WriteCondition value) {
    return new PutOptions(headers, metadata, value, checksumAlgorithm);
  }

  /// With this checksum.
  public PutOptions withChecksum(ChecksumAlgorithm value) {
    return new PutOptions(headers, metadata, condition, Optional.of(value));
  }
}
