package skarb.node.index;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The rows that a batch changes, over the view that it began with: evaluation reads through it, so
/// that each mutation of a batch sees those before it. Of one thread.
public final class RowChanges implements IndexView {
  private final IndexView base;
  private final TreeMap<RowKey, Optional<byte[]>> changes = new TreeMap<>();

  /// No changes yet.
  public RowChanges(IndexView base) {
    this.base = base;
  }

  /// Sets a row.
  public void put(RowKey key, byte[] value) {
    changes.put(key, Optional.of(value));
  }

  /// Removes a row; one that is not there is fine.
  public void remove(RowKey key) {
    changes.put(key, Optional.empty());
  }

  /// What is to be applied: a value to set, or empty to remove. In order of the keys.
  public NavigableMap<RowKey, Optional<byte[]>> changes() {
    return changes;
  }

  @Override
  public byte @Nullable [] get(RowKey key) {
    Optional<byte[]> change = changes.get(key);
    return change != null ? change.orElse(null) : base.get(key);
  }

  @Override
  public @Nullable RowEntry seek(RowKey from, RowKey to) {
    List<RowEntry> first = scan(from, to, 1);
    return first.isEmpty() ? null : first.getFirst();
  }

  @Override
  public List<RowEntry> scan(RowKey from, RowKey to, int limit) {
    List<RowEntry> rows = new ArrayList<>();
    RowKey next = from;
    while (rows.size() < limit && next.compareTo(to) < 0) {
      RowEntry below = base.seek(next, to);
      RowKey end = below == null ? to : below.key();
      for (Map.Entry<RowKey, Optional<byte[]>> change :
          changes.subMap(next, true, end, false).entrySet()) {
        if (change.getValue().isPresent() && rows.size() < limit) {
          rows.add(new RowEntry(change.getKey(), change.getValue().get()));
        }
      }
      if (below == null || rows.size() >= limit) {
        break;
      }
      byte[] value = get(below.key());
      if (value != null) {
        rows.add(new RowEntry(below.key(), value));
      }
      next = IndexKeys.after(below.key());
    }
    return rows;
  }
}
