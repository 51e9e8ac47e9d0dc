package skarb.node.index;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;
import skarb.node.index.IndexView.RowEntry;
import skarb.node.model.EntryDot;
import skarb.node.model.EntryOrder;
import skarb.node.model.VersionId;
import skarb.v1.Row;

/// Lists all versions and delete markers of a bucket, a page at a time: in byte order of the keys,
/// those of one key the newest first. The null version takes its place among them by its stamp, and
/// so does a body that is kept since it lost unseen; versions that were removed do not show.
///
/// Common prefixes are as in [Listing], over every key that has any version. A page that starts
/// after a version of a key shows the rest of that key's versions first, unless the key lies in a
/// common prefix.
///
/// The rows of a key are its null version, bodies that lost, then the others, the newest first. So
/// the scan keeps the first ones back until it meets an older one. It goes in steps, and no view is
/// held between them.
///
/// Thread-safe: all state is in the call.
public final class VersionListing {
  private static final int FIRST_STEP = 8;
  private static final int GREATEST_STEP = 256;

  private VersionListing() {}

  /// What to list.
  ///
  /// @param incarnation the bucket
  /// @param prefix only keys that begin with it
  /// @param delimiter empty for none
  /// @param afterKey only entries above it: a key, a common prefix, or any bytes; empty for all
  /// @param afterVersion but with the older ones of the key itself. The id of a version that is not
  ///   there means its place; for a null version that is not there nobody knows it, and the page
  ///   begins with all versions of the key
  /// @param maxEntries the most entries; 0 gives an empty last page
  public record Request(
      EntryDot incarnation,
      ByteString prefix,
      ByteString delimiter,
      ByteString afterKey,
      Optional<VersionId> afterVersion,
      int maxEntries) {
    public Request {
      if (maxEntries < 0) {
        throw new IllegalArgumentException("negative number of entries: " + maxEntries);
      }
    }
  }

  /// Reads a page.
  public static VersionPage page(IndexView view, Request request) {
    return new Scan(view, request).page();
  }

  /// A version whose row is not in its place among the others.
  ///
  /// @param conflict whether it lost unseen, and so is never current
  private record Aside(ObjectVersion version, boolean conflict) {}

  /// One page in the making.
  private static final class Scan {
    private final IndexView view;
    private final Request request;
    private final KeyRange range;
    private final List<VersionPage.Entry> entries = new ArrayList<>();
    private int seeks;
    private long rowsRead;
    private long passed;
    private boolean truncated;

    /// Rows below this say nothing new.
    private RowKey skipTo;

    /// The key whose rows are being read.
    private @Nullable ByteString key;

    /// What stands before its versions until their places among these are reached: its null version
    /// and bodies that are kept since they lost unseen. The newest first, no more than a page
    /// needs.
    private final PriorityQueue<Aside> aside =
        new PriorityQueue<>(Comparator.comparing((Aside each) -> each.version().id()).reversed());

    /// A kept body that is settled.
    private @Nullable EntryOrder settled;

    /// Where a page that goes on within the key begins.
    private @Nullable EntryOrder olderThan;

    /// Whether the current one was shown, on this page or before it.
    private boolean latestShown;

    /// The tombstone before the next version.
    private @Nullable Row tombstone;

    private @Nullable EntryOrder tombstoned;

    Scan(IndexView view, Request request) {
      this.view = view;
      this.request = request;
      KeyRange all = IndexKeys.rowsOfPrefix(request.incarnation(), request.prefix());
      range = request.afterKey().isEmpty() ? all : all.startingAt(pastPosition());
      skipTo = range.from();
    }

    private RowKey pastPosition() {
      ByteString after = request.afterKey();
      ByteString common = Listing.commonPrefix(request.prefix(), request.delimiter(), after);
      if (common != null) {
        return IndexKeys.rowsOfPrefix(request.incarnation(), common).to();
      }
      KeyRange ofKey = IndexKeys.rowsOfKey(request.incarnation(), after);
      if (request.afterVersion().isEmpty() || !after.startsWith(request.prefix())) {
        return ofKey.to();
      }
      Optional<EntryOrder> place =
          switch (request.afterVersion().get()) {
            case VersionId.Stamped(var order) -> Optional.of(order);
            case VersionId.Null _ ->
                new Catalog(view).nullVersion(request.incarnation(), after).map(ObjectVersion::id);
          };
      return place.isEmpty() ? ofKey.from() : pastVersion(after, place.get());
    }

    /// Goes on within a key: what stands before its versions is read first.
    private RowKey pastVersion(ByteString resumed, EntryOrder order) {
      KeyRange before =
          new KeyRange(
              IndexKeys.rowsOfKey(request.incarnation(), resumed).from(),
              IndexKeys.conflictsOfKey(request.incarnation(), resumed).to());
      key = resumed;
      olderThan = order;
      latestShown =
          new Catalog(view)
              .current(request.incarnation(), resumed)
              .filter(version -> version.id().compareTo(order) >= 0)
              .isPresent();
      RowKey next = before.from();
      List<RowEntry> rows;
      do {
        rows = view.scan(next, before.to(), GREATEST_STEP);
        seeks++;
        rowsRead += rows.size();
        rows.forEach(row -> readOfKey(IndexKeys.parseObject(row.key()), Rows.row(row)));
        next = rows.isEmpty() ? before.to() : IndexKeys.after(rows.getLast().key());
      } while (rows.size() == GREATEST_STEP);
      return IndexKeys.after(IndexKeys.version(request.incarnation(), resumed, order));
    }

    VersionPage page() {
      if (request.maxEntries() > 0) {
        readRows();
        finishKey();
      }
      return new VersionPage(
          entries,
          truncated ? Optional.of(entries.getLast().position()) : Optional.empty(),
          new ListPage.Cost(seeks, rowsRead));
    }

    private void readRows() {
      RowKey next = range.from();
      int step = Math.clamp(request.maxEntries() + 1L, FIRST_STEP, GREATEST_STEP);
      while (!truncated && next.compareTo(range.to()) < 0) {
        List<RowEntry> rows = view.scan(next, range.to(), step);
        seeks++;
        rowsRead += rows.size();
        long passedBefore = passed;
        rows.forEach(this::read);
        if (rows.size() < step) {
          return;
        }
        next = IndexKeys.after(rows.getLast().key());
        if (skipTo.compareTo(next) > 0) {
          next = skipTo;
        }
        boolean wasted = (passed - passedBefore) * 2 > rows.size();
        step = wasted ? FIRST_STEP : Math.min(step * 2, GREATEST_STEP);
      }
    }

    private void read(RowEntry entry) {
      if (truncated || isPassed(entry)) {
        return;
      }
      ObjectRowKey parsed = IndexKeys.parseObject(entry.key());
      if (!parsed.key().equals(key)) {
        finishKey();
        if (truncated || isPassed(entry)) {
          return;
        }
        key = parsed.key();
        latestShown = false;
      }
      readOfKey(parsed, Rows.row(entry));
    }

    private void readOfKey(ObjectRowKey parsed, Row row) {
      switch (parsed) {
        case ObjectRowKey.Null _ -> {
          ObjectVersion version = CurrentVersion.nullVersion(row);
          if (version != null) {
            putAside(new Aside(version, false));
          }
        }
        case ObjectRowKey.Conflict(var of, var loser, var resolved) -> {
          if (resolved) {
            settled = loser;
          } else if (!loser.equals(settled)) {
            putAside(new Aside(CurrentVersion.conflict(loser, row), true));
          }
        }
        case ObjectRowKey.Tombstone(var _, var version) -> {
          tombstone = row;
          tombstoned = version;
        }
        case ObjectRowKey.Version(var of, var version) -> readVersion(of, version, row);
      }
    }

    /// Conflicts come the newest first, so what finds no room is on a later page.
    private void putAside(Aside version) {
      boolean shown = olderThan != null && version.version().id().compareTo(olderThan) >= 0;
      if (!shown && aside.size() < request.maxEntries() + 2) {
        aside.add(version);
      }
    }

    private boolean isPassed(RowEntry entry) {
      boolean below = entry.key().compareTo(skipTo) < 0;
      passed += below ? 1 : 0;
      return below;
    }

    private void readVersion(ByteString of, EntryOrder version, Row row) {
      for (Aside newer = aside.peek();
          newer != null && newer.version().id().compareTo(version) > 0;
          newer = aside.peek()) {
        showAside(of);
      }
      boolean removed =
          tombstone != null
              && version.equals(tombstoned)
              && CurrentVersion.isRemoved(row, tombstone);
      if (!removed) {
        show(of, CurrentVersion.version(version, row), false);
      }
    }

    /// All of a key was read: what still stands aside is the oldest.
    private void finishKey() {
      ByteString finished = key;
      while (finished != null && !aside.isEmpty()) {
        showAside(finished);
      }
      key = null;
      settled = null;
      olderThan = null;
      tombstone = null;
      tombstoned = null;
    }

    private void showAside(ByteString of) {
      Aside next = aside.remove();
      show(of, next.version(), next.conflict());
    }

    private void show(ByteString of, ObjectVersion version, boolean conflict) {
      ByteString common = Listing.commonPrefix(request.prefix(), request.delimiter(), of);
      if (truncated || isShown(common)) {
        return;
      }
      if (entries.size() == request.maxEntries()) {
        truncated = true;
        return;
      }
      if (common == null) {
        entries.add(new VersionPage.VersionEntry(of, version, !latestShown && !conflict));
        latestShown |= !conflict;
      } else {
        entries.add(new VersionPage.CommonPrefix(common));
        skipTo = IndexKeys.rowsOfPrefix(request.incarnation(), common).to();
      }
    }

    /// Whether a key's other version has brought its common prefix already.
    private boolean isShown(@Nullable ByteString common) {
      return common != null
          && !entries.isEmpty()
          && entries.getLast() instanceof VersionPage.CommonPrefix(var last)
          && last.equals(common);
    }
  }
}
