package skarb.node.index;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import skarb.node.index.IndexView.RowEntry;
import skarb.node.model.EntryDot;
import skarb.v1.Row;

/// Whether buckets live: one that was never deleted does, and one that was, as long as it holds a
/// body, be it a kept one. So what one site acknowledged while another deleted the bucket is not
/// lost. Holds nothing.
final class BucketLife {
  private static final int FEW = 8;
  private static final int STEP = 256;

  private final IndexView rows;

  BucketLife(IndexView rows) {
    this.rows = rows;
  }

  /// Whether a bucket lives. Of one that was deleted it reads through all that is not a body.
  boolean lives(EntryDot incarnation) {
    return rows.get(IndexKeys.bucketDeleted(incarnation)) == null
        || body(incarnation, null) != null;
  }

  /// Whether it holds anything, delete markers too.
  boolean isEmpty(EntryDot incarnation) {
    return find(incarnation, all(incarnation), row -> true) == null;
  }

  /// A row of it that stands for a body, or null where there is none.
  ///
  /// @param first where to look first; null for anywhere
  @Nullable RowKey body(EntryDot incarnation, @Nullable RowKey first) {
    KeyRange all = all(incarnation);
    if (first == null) {
      return find(incarnation, all, ObjectLife::isBody);
    }
    RowKey found = find(incarnation, all.startingAt(first), ObjectLife::isBody);
    return found != null
        ? found
        : find(incarnation, new KeyRange(all.from(), first), ObjectLife::isBody);
  }

  /// The same among what some rows are about.
  @Nullable RowKey bodyAmong(EntryDot incarnation, List<RowKey> touched) {
    ObjectLife life = new ObjectLife(rows, incarnation);
    for (RowKey each : touched) {
      RowKey judged =
          IndexKeys.parseObject(each) instanceof ObjectRowKey.Tombstone(var key, var version)
              ? IndexKeys.version(incarnation, key, version)
              : each;
      byte[] value = rows.get(judged);
      Row row = value == null ? null : life.live(new RowEntry(judged, value));
      if (row != null && ObjectLife.isBody(row)) {
        return judged;
      }
    }
    return null;
  }

  private static KeyRange all(EntryDot incarnation) {
    return IndexKeys.rowsOfPrefix(incarnation, ByteString.EMPTY);
  }

  private @Nullable RowKey find(EntryDot incarnation, KeyRange within, Predicate<Row> kind) {
    ObjectLife life = new ObjectLife(rows, incarnation);
    KeyRange range = within;
    int limit = FEW;
    while (!range.isEmpty()) {
      List<RowEntry> step = rows.scan(range.from(), range.to(), limit);
      for (RowEntry entry : step) {
        Row row = life.live(entry);
        if (row != null && kind.test(row)) {
          return entry.key();
        }
      }
      if (step.size() < limit) {
        return null;
      }
      range = range.startingAt(IndexKeys.after(step.getLast().key()));
      limit = STEP;
    }
    return null;
  }
}
