package skarb.client;

import java.time.Instant;
import java.util.Optional;

/// What a copy made.
///
/// @param stored the copy
/// @param lastModified when
/// @param sourceVersionId the version that was copied; empty where its bucket was never versioned
public record CopyResult(
    PutResult stored, Instant lastModified, Optional<String> sourceVersionId) {}
