package skarb.node.index;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Counts what is asked of a view. Of one thread.
final class CountingView implements IndexView {
  private final IndexView view;
  private int gets;
  private int scans;
  private long rows;
  private long bytes;

  CountingView(IndexView view) {
    this.view = view;
  }

  /// Point gets.
  int gets() {
    return gets;
  }

  /// Scans and seeks: how often a place was looked for.
  int scans() {
    return scans;
  }

  /// Rows that came out of them.
  long rows() {
    return rows;
  }

  /// Bytes of these rows' keys and values.
  long bytes() {
    return bytes;
  }

  @Override
  public byte @Nullable [] get(RowKey key) {
    gets++;
    return view.get(key);
  }

  @Override
  public @Nullable RowEntry seek(RowKey from, RowKey to) {
    scans++;
    RowEntry row = view.seek(from, to);
    if (row != null) {
      count(row);
    }
    return row;
  }

  @Override
  public List<RowEntry> scan(RowKey from, RowKey to, int limit) {
    scans++;
    List<RowEntry> found = view.scan(from, to, limit);
    found.forEach(this::count);
    return found;
  }

  private void count(RowEntry row) {
    rows++;
    bytes += row.key().bytes().length + row.value().length;
  }
}
