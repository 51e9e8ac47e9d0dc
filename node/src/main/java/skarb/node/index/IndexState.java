package skarb.node.index;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/// What an index knows about all its rows, after a batch.
///
/// @param batch the last batch
/// @param rowCount how many rows
/// @param digest over all rows
record IndexState(long batch, long rowCount, StateDigest digest) {
  static final IndexState EMPTY = new IndexState(0, 0, StateDigest.EMPTY);

  /// After one more batch, whose changes are not applied yet.
  ///
  /// @throws IllegalStateException for a batch out of order
  IndexState after(long nextBatch, RowChanges changes, IndexView before) {
    if (nextBatch != batch + 1) {
      throw new IllegalStateException("batch " + nextBatch + " after batch " + batch);
    }
    long rows = rowCount;
    StateDigest sum = digest;
    for (Map.Entry<RowKey, Optional<byte[]>> change : changes.changes().entrySet()) {
      byte[] old = changes.before(before, change.getKey());
      byte[] value = change.getValue().orElse(null);
      if (Arrays.equals(old, value)) {
        continue;
      }
      if (old != null) {
        sum = sum.minus(change.getKey(), old);
        rows--;
      }
      if (value != null) {
        sum = sum.plus(change.getKey(), value);
        rows++;
      }
    }
    return new IndexState(nextBatch, rows, sum);
  }
}
