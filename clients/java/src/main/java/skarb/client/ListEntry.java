package skarb.client;

/// One entry of a listing with a delimiter.
public sealed interface ListEntry {
  /// The key, or the prefix.
  String name();

  /// An object.
  ///
  /// @param object without its headers and metadata
  record Entry(ObjectInfo object) implements ListEntry {
    @Override
    public String name() {
      return object.key();
    }
  }

  /// What several keys begin with, up to and with the delimiter: a folder, so to say.
  record Prefix(String name) implements ListEntry {}
}
