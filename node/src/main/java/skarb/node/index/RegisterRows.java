package skarb.node.index;

import org.jspecify.annotations.Nullable;
import skarb.v1.Row;

/// Sets and removes the rows of registers, and keeps what is derived from a row that says that
/// something is gone: in a realm of several sites each such row stands in a list by its stamp,
/// since it can be dropped once all members have seen it.
final class RegisterRows {
  private RegisterRows() {}

  /// Sets a register where the row is the higher one. Equal orders are of one entry that names a
  /// register twice: its effects happened in their order.
  static void setIfHigher(RowChanges rows, RowKey key, Row row) {
    Row old = Rows.row(rows, key);
    if (old == null || Rows.order(old).compareTo(Rows.order(row)) <= 0) {
      set(rows, key, old, row);
    }
  }

  /// Sets a register.
  ///
  /// @param old what stands there, or null
  static void set(RowChanges rows, RowKey key, @Nullable Row old, Row row) {
    boolean several = isRealm(rows);
    if (several && old != null && isGone(old)) {
      rows.remove(IndexKeys.grave(Rows.order(old), key));
    }
    rows.put(key, row.toByteArray());
    if (several && isGone(row)) {
      rows.put(IndexKeys.grave(Rows.order(row), key), new byte[0]);
    }
  }

  /// Removes a register.
  ///
  /// @param row what stands there
  static void remove(RowChanges rows, RowKey key, Row row) {
    rows.remove(key);
    if (isRealm(rows) && isGone(row)) {
      rows.remove(IndexKeys.grave(Rows.order(row), key));
    }
  }

  /// Whether there are, or were, other sites. One lookup a batch.
  static boolean isRealm(RowChanges rows) {
    return rows.get(IndexKeys.realm()) != null;
  }

  /// Whether a row says that something is gone and may itself be dropped one day. The deletion of a
  /// bucket never is.
  static boolean isGone(Row row) {
    return switch (row.getValueCase()) {
      case NULL -> row.getNull().hasAbsent() || row.getConflicting();
      case ACCESS_KEY -> row.getAccessKey().hasAbsent();
      case TOMBSTONE, CONFLICT_RESOLVED -> true;
      case VERSION,
          BUCKET,
          BUCKET_DELETED,
          BUCKET_SETTING,
          BORN,
          USER,
          CONFLICT,
          MEMBER,
          VALUE_NOT_SET ->
          false;
    };
  }
}
