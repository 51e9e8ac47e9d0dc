package skarb.node.index;

import org.jspecify.annotations.Nullable;
import skarb.node.index.IndexView.RowEntry;
import skarb.node.model.EntryDot;
import skarb.v1.Row;

/// Tells which of a bucket's object rows stand for something that can be read: versions, null
/// versions and kept bodies that were not removed, replaced or settled. Holds nothing.
final class ObjectLife {
  private final IndexView rows;
  private final EntryDot incarnation;

  ObjectLife(IndexView rows, EntryDot incarnation) {
    this.rows = rows;
    this.incarnation = incarnation;
  }

  /// The row, or null where it stands for nothing. A delete marker counts.
  @Nullable Row live(RowEntry entry) {
    return switch (IndexKeys.parseObject(entry.key())) {
      case ObjectRowKey.Null ignored -> {
        Row row = Rows.row(entry);
        yield CurrentVersion.nullVersion(row) == null ? null : row;
      }
      case ObjectRowKey.Conflict(var key, var loser, boolean resolved) ->
          resolved || rows.get(IndexKeys.conflictResolved(incarnation, key, loser)) != null
              ? null
              : Rows.row(entry);
      case ObjectRowKey.Tombstone ignored -> null;
      case ObjectRowKey.Version(var key, var version) -> {
        Row row = Rows.row(entry);
        Row tombstone = Rows.row(rows, IndexKeys.tombstone(incarnation, key, version));
        yield tombstone != null && CurrentVersion.isRemoved(row, tombstone) ? null : row;
      }
    };
  }

  /// Whether a live row holds a body, so that bytes would be lost with it.
  static boolean isBody(Row row) {
    return row.getNull().hasBody() || row.getVersion().hasBody() || row.hasConflict();
  }
}
