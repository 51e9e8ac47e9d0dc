package skarb.testkit.model;

import java.util.Optional;

/// What a write or a deletion made.
///
/// @param versionId the version written or named, or the delete marker made; empty in a bucket that
///   was never versioned, where none was named
/// @param deleteMarker whether a delete marker was made or removed
public record Written(Optional<String> versionId, boolean deleteMarker) {}
