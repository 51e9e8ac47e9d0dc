package skarb.node.index;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.function.BiConsumer;
import skarb.node.index.IndexView.RowEntry;
import skarb.node.model.EntryDot;
import skarb.v1.Row;

/// What the rows say to whoever reads them: the part of the state on which sites that have all
/// logged, and let act, the same entries agree. Left out is what may differ between them for good
/// reasons: what is true of one site alone, rows that say that something is gone (one site drops
/// them sooner than another) and what these rows judge, vectors, and rows that follow from others.
///
/// | kind | which |
/// | --- | --- |
/// | members, users | all |
/// | access keys | those that were not deleted |
/// | buckets | those that live, with their deletion where they live in spite of it, and settings |
/// | objects of these | versions and null versions that were not removed, markers too; kept conflicts |
///
/// Reads in steps of some hundred rows and holds nothing between them: while writes go on, what it
/// sees is no one moment's state.
final class LiveRows {
  private static final int STEP = 512;

  private final IndexView rows;
  private final BiConsumer<RowKey, Row> visitor;

  /// @param visitor takes each row: the entry that set it, its stamp and what it holds
  LiveRows(IndexView rows, BiConsumer<RowKey, Row> visitor) {
    this.rows = rows;
    this.visitor = visitor;
  }

  /// Visits all, in order of their kinds.
  void visit() {
    visitAll(IndexKeys.members());
    visitAll(IndexKeys.users());
    visitAll(IndexKeys.accessKeys());
    BucketLife life = new BucketLife(rows);
    scan(
        IndexKeys.buckets(),
        entry -> {
          EntryDot incarnation = IndexKeys.incarnationAtEnd(entry.key());
          if (life.lives(incarnation)) {
            tell(entry.key(), Rows.row(entry));
            RowKey deleted = IndexKeys.bucketDeleted(incarnation);
            Row deletion = Rows.row(rows, deleted);
            if (deletion != null) {
              tell(deleted, deletion);
            }
            visitAll(IndexKeys.bucketSettings(incarnation));
            visitObjects(incarnation);
          }
        });
  }

  private void visitAll(KeyRange range) {
    scan(
        range,
        entry -> {
          Row row = Rows.row(entry);
          if (!RegisterRows.isGone(row)) {
            tell(entry.key(), row);
          }
        });
  }

  private void visitObjects(EntryDot incarnation) {
    ObjectLife life = new ObjectLife(rows, incarnation);
    scan(
        IndexKeys.rowsOfPrefix(incarnation, ByteString.EMPTY),
        entry -> {
          Row row = life.live(entry);
          if (row != null) {
            tell(entry.key(), row);
          }
        });
  }

  private void tell(RowKey key, Row row) {
    visitor.accept(
        key, row.toBuilder().clearSeenSince().clearSeenReduced().clearConflicting().build());
  }

  private void scan(KeyRange all, java.util.function.Consumer<RowEntry> each) {
    KeyRange range = all;
    while (!range.isEmpty()) {
      List<RowEntry> step = rows.scan(range.from(), range.to(), STEP);
      step.forEach(each);
      if (step.size() < STEP) {
        return;
      }
      range = range.startingAt(IndexKeys.after(step.getLast().key()));
    }
  }
}
