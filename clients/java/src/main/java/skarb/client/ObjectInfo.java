package skarb.client;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// An object, or one version of it. Listings leave out what its writer said: [#headers] and
/// [#metadata] are empty there.
///
/// @param bucket its bucket
/// @param key its key
/// @param versionId the version, `null` (the word) for the null version; empty where the bucket was
///   never versioned
/// @param size bytes
/// @param etag the entity tag without quotes
/// @param lastModified when it was written
/// @param headers the headers that its writer gave
/// @param metadata the writer's own pairs, in their order; of a name that came more than once, the
///   first
/// @param checksums the checksums that are stored, in base64 as S3 shows them
/// @param checksumType what they are over
/// @param deleteMarker whether it is a delete marker, which has no body
/// @param partsCount how many parts it was uploaded in; empty for a body that came in one
public record ObjectInfo(
    String bucket,
    String key,
    Optional<String> versionId,
    long size,
    String etag,
    Instant lastModified,
    ContentHeaders headers,
    Map<String, String> metadata,
    Map<ChecksumAlgorithm, String> checksums,
    ChecksumType checksumType,
    boolean deleteMarker,
    OptionalInt partsCount) {
  /// Copies the maps.
  public ObjectInfo {
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
    checksums = Map.copyOf(checksums);
  }
}
