package skarb.node.index;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import skarb.node.index.IndexView.RowEntry;
import skarb.node.model.EntryDot;

/// Lists the current objects of a bucket, a page at a time, in byte order of the keys.
///
/// Keys that share what lies between the prefix and the first delimiter after it become one entry,
/// the *common prefix*; it counts as an entry and stands where it belongs in the order. An entry
/// shows up on a page if its name, key or common prefix, is above the position that the page starts
/// after. One rule, from which follows what S3 does: a position inside a common prefix, or equal to
/// it, leaves the whole of it out, and no common prefix shows up on two pages.
///
/// The scan goes in steps, holding nothing between them. From a common prefix, and from a key whose
/// current version is known, it seeks to the first row past it, so the cost of a page follows its
/// entries: not the keys below its common prefixes, not the older versions of its keys, and not the
/// size of the bucket. Where a few rows are all that lies between, reading them is cheaper than a
/// seek. What it does read through is keys without a current object, and versions that were removed
/// but whose tombstones must still be kept.
///
/// Thread-safe: all state is in the call.
public final class Listing {
  private static final int FIRST_STEP = 8;
  private static final int GREATEST_STEP = 256;

  private Listing() {}

  /// What to list.
  ///
  /// @param incarnation the bucket
  /// @param prefix only keys that begin with it
  /// @param delimiter empty for none
  /// @param after only entries above it: a key, a common prefix, or any bytes; empty for all
  /// @param maxEntries the most entries; 0 gives an empty last page
  public record Request(
      EntryDot incarnation,
      ByteString prefix,
      ByteString delimiter,
      ByteString after,
      int maxEntries) {
    public Request {
      if (maxEntries < 0) {
        throw new IllegalArgumentException("negative number of entries: " + maxEntries);
      }
    }
  }

  /// Reads a page.
  public static ListPage page(IndexView view, Request request) {
    return new Scan(view, request).page();
  }

  /// The common prefix of a key, or null where it has none.
  static @Nullable ByteString commonPrefix(
      ByteString prefix, ByteString delimiter, ByteString key) {
    if (delimiter.isEmpty() || !key.startsWith(prefix)) {
      return null;
    }
    int last = key.size() - delimiter.size();
    for (int at = prefix.size(); at <= last; at++) {
      if (key.byteAt(at) == delimiter.byteAt(0)
          && key.substring(at, at + delimiter.size()).equals(delimiter)) {
        return key.substring(0, at + delimiter.size());
      }
    }
    return null;
  }

  /// One page in the making.
  private static final class Scan {
    private final IndexView view;
    private final Request request;
    private final KeyRange range;
    private final List<ListPage.Entry> entries = new ArrayList<>();
    private int seeks;
    private long rowsRead;
    private boolean truncated;

    /// Rows below this say nothing new.
    private RowKey skipTo;

    /// How many such rows were read since the last one that said something.
    private int passedOver;

    /// The key whose rows are being read, and what they said so far.
    private @Nullable ByteString key;

    private CurrentVersion current = new CurrentVersion();

    Scan(IndexView view, Request request) {
      this.view = view;
      this.request = request;
      KeyRange all = IndexKeys.rowsOfPrefix(request.incarnation(), request.prefix());
      range = request.after().isEmpty() ? all : all.startingAt(pastPosition());
      skipTo = range.from();
    }

    private RowKey pastPosition() {
      ByteString common = commonPrefix(request.prefix(), request.delimiter(), request.after());
      return common != null
          ? IndexKeys.rowsOfPrefix(request.incarnation(), common).to()
          : IndexKeys.rowsOfKey(request.incarnation(), request.after()).to();
    }

    ListPage page() {
      if (request.maxEntries() > 0) {
        readRows();
        finishKey();
      }
      return new ListPage(
          entries,
          truncated ? Optional.of(entries.getLast().name()) : Optional.empty(),
          new ListPage.Cost(seeks, rowsRead));
    }

    private void readRows() {
      RowKey next = range.from();
      int step = firstStep();
      while (!truncated && next.compareTo(range.to()) < 0) {
        List<RowEntry> rows = view.scan(next, range.to(), step);
        seeks++;
        rowsRead += rows.size();
        rows.forEach(this::read);
        if (rows.size() < step) {
          return;
        }
        next = IndexKeys.after(rows.getLast().key());
        if (skipTo.compareTo(next) > 0) {
          next = skipTo;
        }
        // Where one key or common prefix had many rows, so may the next one.
        step = passedOver >= FIRST_STEP - 1 ? FIRST_STEP : Math.min(step * 2, GREATEST_STEP);
      }
    }

    private int firstStep() {
      return request.delimiter().isEmpty()
          // One entry more shows that others follow, and one row more that this one is whole.
          ? Math.clamp(request.maxEntries() + 2L, FIRST_STEP, GREATEST_STEP)
          : FIRST_STEP;
    }

    private void read(RowEntry row) {
      if (truncated || isPassedOver(row)) {
        return;
      }
      ObjectRowKey parsed = IndexKeys.parseObject(row.key());
      if (!parsed.key().equals(key)) {
        finishKey();
        if (truncated || isPassedOver(row)) {
          return;
        }
        key = parsed.key();
      }
      if (current.add(parsed, row)) {
        skipTo = IndexKeys.rowsOfKey(request.incarnation(), parsed.key()).to();
        finishKey();
      }
    }

    private boolean isPassedOver(RowEntry row) {
      boolean passed = row.key().compareTo(skipTo) < 0;
      passedOver = passed ? passedOver + 1 : 0;
      return passed;
    }

    /// All that matters of a key was read: makes it an entry, or part of one.
    private void finishKey() {
      ByteString finished = key;
      ObjectVersion version = current.get();
      key = null;
      current = new CurrentVersion();
      if (truncated || finished == null || version == null || version.isDeleteMarker()) {
        return;
      }
      if (entries.size() == request.maxEntries()) {
        truncated = true;
        return;
      }
      ByteString common = commonPrefix(request.prefix(), request.delimiter(), finished);
      if (common == null) {
        entries.add(new ListPage.ObjectEntry(finished, version));
      } else {
        entries.add(new ListPage.CommonPrefix(common));
        skipTo = IndexKeys.rowsOfPrefix(request.incarnation(), common).to();
      }
    }
  }
}
