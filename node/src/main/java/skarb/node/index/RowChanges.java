package skarb.node.index;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The rows that a batch changes, over the view that it began with: evaluation reads through it, so
/// that each mutation of a batch sees those before it. Of one thread.
///
/// It remembers what it read from the view, which nobody changes meanwhile: there is one committer.
/// So a row that a mutation looked at, the join compared with and the index takes out of its digest
/// is looked up once, and one that a scan showed not to be there is not looked up at all.
public final class RowChanges implements IndexView {
  private final IndexView base;
  private final TreeMap<RowKey, Optional<byte[]>> changes = new TreeMap<>();
  private final Map<RowKey, Optional<byte[]>> read = new HashMap<>();

  /// Stretches of the view all of whose rows were read: from, inclusive, to, exclusive.
  private final TreeMap<RowKey, RowKey> readWhole = new TreeMap<>();

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

  /// What this batch has put under a key; null where it did not, or removed it.
  byte @Nullable [] changed(RowKey key) {
    Optional<byte[]> change = changes.get(key);
    return change == null ? null : change.orElse(null);
  }

  /// What is to be applied: a value to set, or empty to remove. In order of the keys.
  public NavigableMap<RowKey, Optional<byte[]>> changes() {
    return changes;
  }

  @Override
  public byte @Nullable [] get(RowKey key) {
    Optional<byte[]> change = changes.get(key);
    return (change != null ? change : readBase(key)).orElse(null);
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
      List<RowEntry> below = base.scan(next, to, limit - rows.size());
      boolean last = below.size() < limit - rows.size();
      RowKey end = last ? to : IndexKeys.after(below.getLast().key());
      RowKey known = readWhole.get(next);
      if (known == null || known.compareTo(end) < 0) {
        readWhole.put(next, end);
      }
      merge(below, changes.subMap(next, true, end, false), limit, rows);
      next = end;
    }
    return rows;
  }

  /// What stood in an index under a key before this batch.
  byte @Nullable [] before(IndexView index, RowKey key) {
    return base.equals(index) ? readBase(key).orElse(null) : index.get(key);
  }

  private boolean isKnownAbsent(RowKey key) {
    Map.Entry<RowKey, RowKey> stretch = readWhole.floorEntry(key);
    return stretch != null && key.compareTo(stretch.getValue()) < 0;
  }

  private Optional<byte[]> readBase(RowKey key) {
    Optional<byte[]> known = read.get(key);
    if (known == null) {
      known = isKnownAbsent(key) ? Optional.empty() : Optional.ofNullable(base.get(key));
      read.put(key, known);
    }
    return known;
  }

  private void merge(
      List<RowEntry> below,
      NavigableMap<RowKey, Optional<byte[]>> above,
      int limit,
      List<RowEntry> rows) {
    TreeMap<RowKey, Optional<byte[]>> merged = new TreeMap<>();
    for (RowEntry row : below) {
      Optional<byte[]> value = Optional.of(row.value());
      read.put(row.key(), value);
      merged.put(row.key(), value);
    }
    merged.putAll(above);
    for (Map.Entry<RowKey, Optional<byte[]>> row : merged.entrySet()) {
      if (rows.size() == limit) {
        return;
      }
      row.getValue().ifPresent(value -> rows.add(new RowEntry(row.getKey(), value)));
    }
  }
}
