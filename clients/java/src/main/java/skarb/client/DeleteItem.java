package skarb.client;

import java.util.Objects;

/// One object of a batch to delete.
///
/// @param key the key
/// @param options which version, on what condition
public record DeleteItem(String key, DeleteOptions options) {
  /// Refuses null.
  public DeleteItem {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(options, "options");
  }

  /// The current version under a key.
  public static DeleteItem ofKey(String key) {
    return new DeleteItem(key, DeleteOptions.none());
  }
}
