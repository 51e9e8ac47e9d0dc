package skarb.node.index;

import java.util.Map;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/// Rows that were set or removed since the one before it was frozen, in order of their keys. One
/// thread writes, any reads.
final class Memtable {
  /// Stands for a row that was removed, told by identity.
  static final byte[] REMOVED = new byte[0];

  /// About what a row takes beside its bytes: nodes of the skip list, objects, array headers.
  private static final long ROW_OVERHEAD_BYTES = 160;

  private final ConcurrentNavigableMap<RowKey, byte[]> rows = new ConcurrentSkipListMap<>();
  private volatile long bytes;
  private volatile long lastBatch;

  /// @param lastBatch the last batch before those whose rows it will hold
  Memtable(long lastBatch) {
    this.lastBatch = lastBatch;
  }

  /// Sets a row, or removes it with [#REMOVED].
  void put(RowKey key, byte[] value) {
    byte[] old = rows.put(key, value);
    bytes =
        old == null
            ? bytes + ROW_OVERHEAD_BYTES + key.bytes().length + value.length
            : bytes + value.length - old.length;
  }

  /// Whether a value stands for a row that was removed.
  @SuppressWarnings("ReferenceEquality") // an empty value is a row like another
  static boolean isRemoved(byte @Nullable [] value) {
    return value == REMOVED;
  }

  /// All rows of a batch are in it.
  void setLastBatch(long batch) {
    lastBatch = batch;
  }

  /// The value, [#REMOVED], or null where it says nothing about a row.
  byte @Nullable [] get(RowKey key) {
    return rows.get(key);
  }

  /// The rows of a range; removed ones too.
  Iterable<Map.Entry<RowKey, byte[]>> range(RowKey from, RowKey to) {
    return rows.subMap(from, to).entrySet();
  }

  /// All rows; removed ones too.
  Iterable<Map.Entry<RowKey, byte[]>> all() {
    return rows.entrySet();
  }

  /// How many rows, removed ones included. Counts them.
  long rows() {
    return rows.size();
  }

  /// About how much memory it takes.
  long bytes() {
    return bytes;
  }

  /// The last batch whose rows it holds.
  long lastBatch() {
    return lastBatch;
  }
}
