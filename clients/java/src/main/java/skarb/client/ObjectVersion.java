package skarb.client;

/// One version or delete marker of a listing of versions.
///
/// @param object without its headers and metadata
/// @param latest whether it is what is current under its key
public record ObjectVersion(ObjectInfo object, boolean latest) {}
