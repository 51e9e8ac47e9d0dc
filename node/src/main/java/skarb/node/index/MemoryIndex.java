package skarb.node.index;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/// The index in memory alone: begins empty, has no checkpoint, ends with the process. For tests and
/// simulations, where the journal is replayed from its start; `MapDbIndex` obeys the same contract.
public final class MemoryIndex implements IndexRebuild {
  private final ConcurrentNavigableMap<RowKey, byte[]> rows = new ConcurrentSkipListMap<>();
  private volatile IndexState state = IndexState.EMPTY;

  /// No rows.
  public MemoryIndex() {}

  @Override
  public void apply(long batch, RowChanges changes) {
    IndexState next = state.after(batch, changes, this);
    for (Map.Entry<RowKey, Optional<byte[]>> change : changes.changes().entrySet()) {
      Optional<byte[]> value = change.getValue();
      if (value.isPresent()) {
        rows.put(change.getKey(), value.get());
      } else {
        rows.remove(change.getKey());
      }
    }
    state = next;
  }

  @Override
  public void mustTakeBatches() {
    // It always does.
  }

  @Override
  public byte @Nullable [] get(RowKey key) {
    return rows.get(key);
  }

  @Override
  public @Nullable RowEntry seek(RowKey from, RowKey to) {
    Map.Entry<RowKey, byte[]> row = rows.ceilingEntry(from);
    return row == null || row.getKey().compareTo(to) >= 0
        ? null
        : new RowEntry(row.getKey(), row.getValue());
  }

  @Override
  public List<RowEntry> scan(RowKey from, RowKey to, int limit) {
    List<RowEntry> found = new ArrayList<>();
    if (from.compareTo(to) >= 0) {
      return found;
    }
    for (Map.Entry<RowKey, byte[]> row : rows.subMap(from, to).entrySet()) {
      if (found.size() == limit) {
        break;
      }
      found.add(new RowEntry(row.getKey(), row.getValue()));
    }
    return found;
  }

  @Override
  public long appliedBatch() {
    return state.batch();
  }

  @Override
  public long checkpointBatch() {
    return 0;
  }

  @Override
  public long rowCount() {
    return state.rowCount();
  }

  @Override
  public StateDigest digest() {
    return state.digest();
  }

  /// Itself: there is nothing to be finished.
  @Override
  public MemoryIndex finish(Progress progress) {
    return this;
  }

  @Override
  public void close() {}
}
