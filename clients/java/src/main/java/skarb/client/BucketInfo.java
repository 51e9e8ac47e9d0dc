package skarb.client;

import java.time.Instant;

/// A bucket.
///
/// @param name its name
/// @param created when it was made
/// @param ownerId whose it is
/// @param location the location that it was made with; empty for the default
/// @param versioning whether it keeps versions
/// @param guardedOverwrites whether a write over what is current must carry a [WriteCondition]
public record BucketInfo(
    String name,
    Instant created,
    String ownerId,
    String location,
    Versioning versioning,
    boolean guardedOverwrites) {}
