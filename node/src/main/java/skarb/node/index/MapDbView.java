package skarb.node.index;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where a read looks, in this order. Replaced as a whole, so a reader sees one or the other.
///
/// @param active takes the rows of new batches
/// @param frozen those whose rows are not in the file yet, the newest first
/// @param file the checkpoint; null where there is none yet. Whoever reads holds it meanwhile
record MapDbView(Memtable active, List<Memtable> frozen, @Nullable MapDbReader file) {
  MapDbView {
    frozen = List.copyOf(frozen);
  }

  byte @Nullable [] get(RowKey key) {
    byte[] value = active.get(key);
    for (int i = 0; value == null && i < frozen.size(); i++) {
      value = frozen.get(i).get(key);
    }
    if (value == null && file != null) {
      return file.get(key);
    }
    return Memtable.isRemoved(value) ? null : value;
  }

  List<IndexView.RowEntry> scan(RowKey from, RowKey to, int limit) {
    if (from.compareTo(to) >= 0 || limit == 0) {
      return new ArrayList<>();
    }
    List<Iterator<Map.Entry<RowKey, byte[]>>> sources = new ArrayList<>();
    sources.add(active.range(from, to).iterator());
    frozen.forEach(table -> sources.add(table.range(from, to).iterator()));
    if (file != null) {
      sources.add(file.range(from, to, limit));
    }
    return new MergedRows(sources).first(limit);
  }
}
