package skarb.node.oplog;

import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import skarb.node.index.Catalog;
import skarb.node.index.PendingEntry;
import skarb.node.model.OriginId;

/// The two vectors of this site, read from the rows: *logged*, which says what need not be sent
/// here again, and *joined*, up to the first entry of each origin that cannot act yet, which says
/// what has been taken in. What is in the rows is durable.
final class Vectors {
  private static final int STEP = 256;

  private Vectors() {}

  static VersionVector logged(Catalog catalog) {
    NavigableMap<OriginId, Long> components = new TreeMap<>();
    catalog.heads().forEach((origin, head) -> components.put(origin, head.getSequence()));
    return new VersionVector(components);
  }

  /// `logged` is read first: an entry that is logged meanwhile is then not claimed, pending or not.
  /// One that is let act meanwhile is at worst not claimed yet.
  static VersionVector joined(Catalog catalog) {
    NavigableMap<OriginId, Long> pending = new TreeMap<>();
    VersionVector logged = logged(catalog);
    List<PendingEntry> page = catalog.pending(null, STEP);
    while (!page.isEmpty()) {
      page.forEach(each -> pending.merge(each.dot().origin(), each.dot().sequence(), Math::min));
      page = catalog.pending(page.getLast().dot(), STEP);
    }
    NavigableMap<OriginId, Long> components = new TreeMap<>(logged.components());
    pending.forEach((origin, first) ->
        components.computeIfPresent(
            origin, (same, last) -> first - 1 == 0 ? null : Math.min(last, first - 1)));
    return new VersionVector(components);
  }
}
