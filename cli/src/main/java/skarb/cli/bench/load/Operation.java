package skarb.cli.bench.load;

import java.util.Locale;

/// What is measured by itself.
public enum Operation {
  /// Storing an object.
  PUT,
  /// Reading one.
  GET,
  /// Asking about one.
  STAT,
  /// Deleting: a batch, or in the mixed load one object.
  DELETE,
  /// A page of a listing.
  LIST,
  /// A whole object in parts.
  MULTIPART,
  /// One part of it.
  PART;

  /// As reports name it.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
