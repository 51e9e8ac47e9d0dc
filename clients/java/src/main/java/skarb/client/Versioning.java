package skarb.client;

/// Whether a bucket keeps the versions of its objects.
public enum Versioning {
  /// It never did.
  NEVER_ENABLED,
  /// Every write makes a version of its own.
  ENABLED,
  /// It did once: writes replace the version `null`, others stay.
  SUSPENDED
}
