package skarb.client;

import java.util.Optional;

/// What a deletion did.
///
/// @param versionId the version that was removed, or the delete marker that was made
/// @param deleteMarker whether what was removed or made is a delete marker
public record DeleteResult(Optional<String> versionId, boolean deleteMarker) {}
