package skarb.node.index;

import org.jspecify.annotations.Nullable;

/// Ordered rows as they stand. Reads see every batch that was applied before they began; a read
/// that runs while a batch is applied may see some of its rows: each row by itself is whole. Safe
/// for any thread.
public interface IndexView {

  /// The value of a row, or null where there is none. Not to be changed.
  byte @Nullable [] get(RowKey key);

  /// The first row at or after a key and before another, or null where there is none: one seek. A
  /// scan asks again with the key after the last one, so that nothing is held between steps.
  ///
  /// @param from inclusive
  /// @param to exclusive
  @Nullable RowEntry seek(RowKey from, RowKey to);

  /// Up to `limit` rows at or after `from` and before `to`, in order: one seek and as many steps.
  /// The limit bounds how long anything is held.
  java.util.List<RowEntry> scan(RowKey from, RowKey to, int limit);

  /// A row.
  ///
  /// @param key its key
  /// @param value its value, not to be changed
  record RowEntry(RowKey key, byte[] value) {}
}
