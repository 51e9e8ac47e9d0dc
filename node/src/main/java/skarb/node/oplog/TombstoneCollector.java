package skarb.node.oplog;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import skarb.node.commit.Mutation;
import skarb.node.index.Catalog;
import skarb.node.index.Grave;
import skarb.node.index.MemberRow;
import skarb.node.model.EntryDot;
import skarb.node.model.SiteId;
import skarb.v1.TombstoneDropped;

/// Drops what says that something is gone, once no member can bring it back: in two steps.
///
/// 1. When the rows of all members cover the entries of some graves, and each membership entry that
///    is known, W is noted: the highest of all rows. An entry that some member had not seen when it
///    logged the grave is within W, or comes after the grave and loses to it or was written knowing
///    it.
/// 2. When all rows cover W, whatever was on its way when W was noted has arrived everywhere, and
///    the graves go. If a grave went at step 1, a late write would live again where it comes last.
///
/// A changed set of members starts over. One set of graves is under way at a time, the oldest ones
/// first. Not safe for several threads at once.
final class TombstoneCollector {
  private static final int MOST = 10_000;

  private final SiteId self;
  private final Catalog catalog;
  private final Matrix matrix;
  private final Consumer<Mutation> commit;
  private @Nullable Noted noted;

  /// @param commit takes what is to be dropped, and returns once it is
  TombstoneCollector(SiteId self, Catalog catalog, Matrix matrix, Consumer<Mutation> commit) {
    this.self = self;
    this.catalog = catalog;
    this.matrix = matrix;
    this.commit = commit;
  }

  private record Noted(List<TombstoneDropped> graves, VersionVector w, List<EntryDot> members) {}

  void step() {
    List<MemberRow> known = catalog.members();
    List<MemberRow> in = known.stream().filter(each -> !each.value().getLeft()).toList();
    if (in.stream().noneMatch(each -> each.site().equals(self))) {
      return;
    }
    List<VersionVector> rows = in.stream().map(each -> matrix.of(each.site())).toList();
    List<EntryDot> members = known.stream().map(MemberRow::dot).toList();
    Noted before = noted;
    if (before == null || !before.members().equals(members)) {
      noted = note(rows, members);
    } else if (rows.stream().allMatch(row -> row.coversAll(before.w()))) {
      commit.accept(new Mutation.DropTombstones(before.graves()));
      noted = null;
    }
  }

  private @Nullable Noted note(List<VersionVector> rows, List<EntryDot> members) {
    if (!allCover(rows, members)) {
      return null;
    }
    List<TombstoneDropped> graves = new ArrayList<>();
    for (Grave grave : catalog.graves(null, MOST)) {
      if (allCover(rows, grave.dots())) {
        graves.add(grave.dropped());
      }
    }
    if (graves.isEmpty()) {
      return null;
    }
    VersionVector w = rows.stream().reduce(VersionVector.EMPTY, VersionVector::with);
    return new Noted(graves, w, members);
  }

  private static boolean allCover(List<VersionVector> rows, List<EntryDot> dots) {
    return rows.stream().allMatch(row -> dots.stream().allMatch(row::covers));
  }
}
