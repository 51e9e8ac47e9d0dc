package skarb.client;

/// What a checksum of an object is over.
public enum ChecksumType {
  /// All bytes of the object.
  FULL_OBJECT,
  /// The checksums of its parts.
  COMPOSITE
}
