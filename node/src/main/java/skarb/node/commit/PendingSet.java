package skarb.node.commit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import skarb.node.index.Catalog;
import skarb.node.index.IndexView;
import skarb.node.index.LoggedEntry;
import skarb.node.index.PendingEntry;
import skarb.node.model.EntryDot;
import skarb.node.model.EntryOrder;
import skarb.node.model.Hlc;
import skarb.v1.Dot;
import skarb.v1.PendingReason;
import skarb.v1.Scope;

/// The entries that are logged and cannot act yet, by what they are about: what is written
/// meanwhile on the same has not seen them. Mostly empty; read from the rows once, where the realm
/// has other sites, and kept up to date from then on. It holds no entry's contents.
///
/// Of one thread, the committer's. What a batch adds stays, since a batch that is not written is
/// the last.
final class PendingSet {
  private static final int STEP = 256;

  private final NavigableMap<EntryDot, Pending> entries = new TreeMap<>();

  /// Those that wait for the wall clock, in order of their stamps.
  private final NavigableMap<EntryOrder, EntryDot> stampedAhead = new TreeMap<>();

  private boolean loaded;

  private record Pending(EntryOrder order, List<Scope> scopes, PendingReason reason) {}

  /// Reads what was pending at the start, the first time that there may be something.
  void load(IndexView rows) {
    if (loaded) {
      return;
    }
    Catalog catalog = new Catalog(rows);
    loaded = catalog.everHadSecondSite();
    List<PendingEntry> page = loaded ? catalog.pending(null, STEP) : List.of();
    while (!page.isEmpty()) {
      page.forEach(each -> add(LoggedEntry.parse(each.row().getEntry()), each.row().getReason()));
      page = catalog.pending(page.getLast().dot(), STEP);
    }
  }

  void add(LoggedEntry entry, PendingReason reason) {
    List<Scope> scopes = List.copyOf(entry.entry().getHeader().getScopesList());
    entries.put(entry.dot(), new Pending(entry.order(), scopes, reason));
    if (reason == PendingReason.PENDING_REASON_STAMP_AHEAD) {
      stampedAhead.put(entry.order(), entry.dot());
    }
  }

  void remove(EntryDot dot) {
    Pending removed = entries.remove(dot);
    if (removed != null) {
      stampedAhead.remove(removed.order());
    }
  }

  boolean holds(EntryDot dot) {
    return entries.containsKey(dot);
  }

  /// Those that waited for the wall clock and need not any more, in order of their stamps.
  ///
  /// @param isAhead whether a stamp is still too far ahead; of two the higher is if the lower is
  List<EntryDot> due(Predicate<Hlc> isAhead) {
    List<EntryDot> due = new ArrayList<>();
    for (Map.Entry<EntryOrder, EntryDot> each : stampedAhead.entrySet()) {
      if (isAhead.test(each.getKey().hlc())) {
        break;
      }
      due.add(each.getValue());
    }
    return due;
  }

  /// The entries that are about the same, in order of their dots. One that this release does not
  /// understand may be about anything.
  List<Dot> on(List<Scope> scopes) {
    List<Dot> found = new ArrayList<>();
    for (Map.Entry<EntryDot, Pending> each : entries.entrySet()) {
      if (each.getValue().reason() != PendingReason.PENDING_REASON_STAMP_AHEAD
          || each.getValue().scopes().stream()
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
}
