package skarb.node.index;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import skarb.node.index.IndexView.RowEntry;
import skarb.node.model.EntryDot;
import skarb.node.model.EntryOrder;
import skarb.v1.Row;

/// The bodies that lost unseen and are kept, all of them in one list, so that they can be shown and
/// counted without reading the rows of all objects. A row of the list is `09` and the key of the
/// row that keeps the body: so they lie in the order of buckets, keys and, the newest first,
/// losers.
///
/// Over the index for readers. Holds nothing, so it is as thread-safe as its view.
public final class KeptConflicts {
  private static final byte KEPT = 0x09;
  private static final int STEP = 256;

  private final IndexView rows;

  /// @param rows where to read
  public KeptConflicts(IndexView rows) {
    this.rows = rows;
  }

  /// A kept body.
  ///
  /// @param bucket the bucket's incarnation
  /// @param loser its order, under which it is read
  /// @param row what is kept of it
  public record Kept(EntryDot bucket, ByteString key, EntryOrder loser, Row row) {
    /// The kept body as a version of its own.
    public ObjectVersion version() {
      return CurrentVersion.conflict(loser, row);
    }

    /// The entry that won where this was noticed.
    public EntryDot winner() {
      return EntryDot.of(row.getConflict().getWinnerDot());
    }
  }

  /// Where a page begins: behind this one.
  ///
  /// @param bucket the bucket's incarnation
  public record Position(EntryDot bucket, ByteString key, EntryOrder loser) {}

  /// Kept bodies in the order of the list.
  ///
  /// @param after only those behind this one; null for the first page
  public List<Kept> page(@Nullable Position after, int limit) {
    return page(IndexKeys.startingWith(new IndexKeys.Builder(1).put(KEPT)), after, limit);
  }

  /// Those of one bucket.
  ///
  /// @param after only those behind this one; null for the first page
  public List<Kept> page(BucketRow bucket, @Nullable Position after, int limit) {
    List<Kept> found = new ArrayList<>();
    boolean reached = after == null;
    for (EntryDot incarnation : bucket.incarnations()) {
      boolean within = after != null && after.bucket().equals(incarnation);
      reached |= within;
      if (reached) {
        KeyRange range = listed(IndexKeys.rowsOfPrefix(incarnation, ByteString.EMPTY));
        found.addAll(page(range, within ? after : null, limit - found.size()));
      }
    }
    return found;
  }

  private List<Kept> page(KeyRange all, @Nullable Position after, int limit) {
    KeyRange range = all;
    if (after != null) {
      RowKey last = listed(IndexKeys.conflict(after.bucket(), after.key(), after.loser()));
      range = range.startingAt(IndexKeys.after(last));
    }
    List<Kept> found = new ArrayList<>();
    while (found.size() < limit && !range.isEmpty()) {
      List<RowEntry> step =
          rows.scan(range.from(), range.to(), Math.min(limit - found.size(), STEP));
      if (step.isEmpty()) {
        break;
      }
      for (RowEntry entry : step) {
        kept(entry.key()).ifPresent(found::add);
      }
      range = range.startingAt(IndexKeys.after(step.getLast().key()));
    }
    return found;
  }

  private Optional<Kept> kept(RowKey listed) {
    RowKey key = new RowKey(Arrays.copyOfRange(listed.bytes(), 1, listed.bytes().length));
    Row row = Rows.row(rows, key);
    return row != null && IndexKeys.parseObject(key) instanceof ObjectRowKey.Conflict conflict
        ? Optional.of(
            new Kept(IndexKeys.parseIncarnation(key), conflict.key(), conflict.loser(), row))
        : Optional.empty();
  }

  /// One of them; empty where there is none, or it is settled.
  public Optional<Kept> find(EntryDot bucket, ByteString key, EntryOrder loser) {
    RowKey rowKey = IndexKeys.conflict(bucket, key, loser);
    return rows.get(listed(rowKey)) == null ? Optional.empty() : kept(listed(rowKey));
  }

  /// How many there are, up to a bound.
  public int count(int most) {
    return count(IndexKeys.startingWith(new IndexKeys.Builder(1).put(KEPT)), most);
  }

  /// How many there are of a key, up to a bound: one look where there are none, and none in a realm
  /// that never had a second site.
  public int countOf(BucketRow bucket, ByteString key, int most) {
    int count = 0;
    if (rows.get(IndexKeys.realm()) != null) {
      for (EntryDot incarnation : bucket.incarnations()) {
        count += count(listed(IndexKeys.conflictsOfKey(incarnation, key)), most - count);
      }
    }
    return count;
  }

  private int count(KeyRange all, int most) {
    KeyRange range = all;
    int count = 0;
    while (count < most) {
      List<RowEntry> step = rows.scan(range.from(), range.to(), Math.min(most - count, STEP));
      count += step.size();
      if (step.size() < STEP) {
        break;
      }
      range = range.startingAt(IndexKeys.after(step.getLast().key()));
    }
    return count;
  }

  /// Puts a body on the list, or takes it off, as its two registers stand.
  static void follow(RowChanges rows, EntryDot bucket, ByteString key, EntryOrder loser) {
    RowKey rowKey = IndexKeys.conflict(bucket, key, loser);
    if (rows.get(rowKey) != null
        && rows.get(IndexKeys.conflictResolved(bucket, key, loser)) == null) {
      rows.put(listed(rowKey), new byte[0]);
    } else {
      rows.remove(listed(rowKey));
    }
  }

  private static RowKey listed(RowKey row) {
    return new IndexKeys.Builder(1 + row.bytes().length).put(KEPT).put(row).key();
  }

  private static KeyRange listed(KeyRange range) {
    return new KeyRange(listed(range.from()), listed(range.to()));
  }
}
