package skarb.node.index;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.function.Predicate;
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

  /// Whether a bucket lives.
  boolean lives(EntryDot incarnation) {
    return rows.get(IndexKeys.bucketDeleted(incarnation)) == null
        || holds(incarnation, ObjectLife::isBody);
  }

  /// Whether it holds a live row of some kind. Reads through those that are not.
  boolean holds(EntryDot incarnation, Predicate<Row> kind) {
    ObjectLife life = new ObjectLife(rows, incarnation);
    KeyRange range = IndexKeys.rowsOfPrefix(incarnation, ByteString.EMPTY);
    int limit = FEW;
    while (true) {
      List<RowEntry> step = rows.scan(range.from(), range.to(), limit);
      for (RowEntry entry : step) {
        Row row = life.live(entry);
        if (row != null && kind.test(row)) {
          return true;
        }
      }
      if (step.size() < limit) {
        return false;
      }
      range = range.startingAt(IndexKeys.after(step.getLast().key()));
      limit = STEP;
    }
  }
}
