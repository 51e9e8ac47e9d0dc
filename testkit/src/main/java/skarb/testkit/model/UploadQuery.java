package skarb.testkit.model;

import java.util.Optional;

/// What page of a bucket's open uploads is wanted.
///
/// @param prefix only keys that begin with it
/// @param delimiter empty for none
/// @param keyMarker only what comes after this key; empty for all
/// @param uploadIdMarker and those of this key that were opened after this upload
/// @param pageSize the most entries
public record UploadQuery(
    String bucket,
    String prefix,
    String delimiter,
    String keyMarker,
    Optional<String> uploadIdMarker,
    int pageSize) {}
