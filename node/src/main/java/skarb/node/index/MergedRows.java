package skarb.node.index;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/// Several ordered sources of rows as one: of rows with the same key, that of the earliest source
/// counts. Removed rows come out as [Memtable#REMOVED]. The sources are few, so the lowest key is
/// looked for one by one.
final class MergedRows implements Iterator<Map.Entry<RowKey, byte[]>> {
  private final List<Source> sources = new ArrayList<>();

  /// @param newestFirst the sources
  MergedRows(List<Iterator<Map.Entry<RowKey, byte[]>>> newestFirst) {
    newestFirst.forEach(rows -> sources.add(new Source(rows)));
  }

  @Override
  public boolean hasNext() {
    for (Source source : sources) {
      if (source.next != null) {
        return true;
      }
    }
    return false;
  }

  @Override
  public Map.Entry<RowKey, byte[]> next() {
    Map.Entry<RowKey, byte[]> lowest = null;
    for (Source source : sources) {
      if (source.next != null
          && (lowest == null || source.next.getKey().compareTo(lowest.getKey()) < 0)) {
        lowest = source.next;
      }
    }
    if (lowest == null) {
      throw new NoSuchElementException();
    }
    for (Source source : sources) {
      if (source.next != null && source.next.getKey().equals(lowest.getKey())) {
        source.advance();
      }
    }
    return lowest;
  }

  /// The first rows that are there.
  ///
  /// @param limit the most
  List<IndexView.RowEntry> first(int limit) {
    List<IndexView.RowEntry> found = new ArrayList<>();
    while (found.size() < limit && hasNext()) {
      Map.Entry<RowKey, byte[]> row = next();
      if (!Memtable.isRemoved(row.getValue())) {
        found.add(new IndexView.RowEntry(row.getKey(), row.getValue()));
      }
    }
    return found;
  }

  private static final class Source {
    private final Iterator<Map.Entry<RowKey, byte[]>> rows;
    private Map.@Nullable Entry<RowKey, byte[]> next;

    Source(Iterator<Map.Entry<RowKey, byte[]>> rows) {
      this.rows = rows;
      advance();
    }

    private void advance() {
      next = rows.hasNext() ? rows.next() : null;
    }
  }
}
