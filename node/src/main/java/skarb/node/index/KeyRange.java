package skarb.node.index;

/// A stretch of rows.
///
/// @param from inclusive
/// @param to exclusive
public record KeyRange(RowKey from, RowKey to) {

  /// The part at or after a key.
  public KeyRange startingAt(RowKey key) {
    return key.compareTo(from) <= 0 ? this : new KeyRange(key, to);
  }

  /// Whether nothing can lie in it.
  public boolean isEmpty() {
    return from.compareTo(to) >= 0;
  }

  /// Whether a key lies in it.
  public boolean contains(RowKey key) {
    return from.compareTo(key) <= 0 && key.compareTo(to) < 0;
  }
}
