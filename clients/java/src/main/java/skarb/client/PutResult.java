package skarb.client;

import java.util.Map;
import java.util.Optional;

/// What a write made. It is on the server's disk.
///
/// @param etag the entity tag without quotes
/// @param versionId the version; empty where the bucket was never versioned
/// @param checksums the checksums that are stored, in base64 as S3 shows them
/// @param checksumType what they are over
/// @param size bytes
public record PutResult(
    String etag,
    Optional<String> versionId,
    Map<ChecksumAlgorithm, String> checksums,
    ChecksumType checksumType,
    long size) {
  /// Copies the map.
  public PutResult {
    checksums = Map.copyOf(checksums);
  }
}
