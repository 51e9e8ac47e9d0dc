package skarb.node.commit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import skarb.node.index.Catalog;
import skarb.node.index.IndexView;
import skarb.node.index.LoggedEntry;
import skarb.node.index.PendingEntry;
import skarb.node.model.EntryDot;
import skarb.v1.Dot;
import skarb.v1.PendingReason;
import skarb.v1.Scope;

/// The entries that are logged and cannot act yet, as a batch goes on: what is written meanwhile on
/// what they are about has not seen them. Mostly empty, and read from the rows only where the realm
/// has other sites. Of one thread.
final class PendingSet {
  private static final int STEP = 256;

  private final IndexView rows;
  private @Nullable NavigableMap<EntryDot, Pending> entries;

  /// @param rows as the batch before left them
  PendingSet(IndexView rows) {
    this.rows = rows;
  }

  private record Pending(LoggedEntry entry, PendingReason reason) {}

  void add(LoggedEntry entry, PendingReason reason) {
    entries().put(entry.dot(), new Pending(entry, reason));
  }

  void remove(EntryDot dot) {
    entries().remove(dot);
  }

  Optional<LoggedEntry> find(EntryDot dot) {
    return Optional.ofNullable(entries().get(dot)).map(Pending::entry);
  }

  /// Those that wait for the wall clock, in order of their stamps.
  List<LoggedEntry> stampedAhead() {
    return entries().values().stream()
        .filter(each -> each.reason() == PendingReason.PENDING_REASON_STAMP_AHEAD)
        .map(Pending::entry)
        .sorted(Comparator.comparing(LoggedEntry::order))
        .toList();
  }

  /// The entries that are about the same, in order of their dots. One that this release does not
  /// understand may be about anything.
  List<Dot> on(List<Scope> scopes) {
    List<Dot> found = new ArrayList<>();
    for (Map.Entry<EntryDot, Pending> each : entries().entrySet()) {
      if (each.getValue().reason() != PendingReason.PENDING_REASON_STAMP_AHEAD
          || each.getValue().entry().entry().getHeader().getScopesList().stream()
              .anyMatch(other -> scopes.stream().anyMatch(scope -> meets(scope, other)))) {
        found.add(each.getKey().toProto());
      }
    }
    return found;
  }

  private static boolean meets(Scope one, Scope other) {
    return one.hasBucket() == other.hasBucket()
        && one.getBucket().equals(other.getBucket())
        && (!one.hasKey() || !other.hasKey() || one.getKey().equals(other.getKey()));
  }

  private NavigableMap<EntryDot, Pending> entries() {
    NavigableMap<EntryDot, Pending> known = entries;
    if (known == null) {
      known = new TreeMap<>();
      Catalog catalog = new Catalog(rows);
      if (catalog.everHadSecondSite()) {
        List<PendingEntry> page = catalog.pending(null, STEP);
        while (!page.isEmpty()) {
          for (PendingEntry each : page) {
            known.put(
                each.dot(),
                new Pending(LoggedEntry.parse(each.row().getEntry()), each.row().getReason()));
          }
          page = catalog.pending(page.getLast().dot(), STEP);
        }
      }
      entries = known;
    }
    return known;
  }
}
