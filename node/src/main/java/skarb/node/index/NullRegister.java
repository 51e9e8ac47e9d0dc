package skarb.node.index;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import skarb.node.model.EntryDot;
import skarb.node.model.EntryOrder;
import skarb.v1.ConflictKept;
import skarb.v1.Dot;
import skarb.v1.Row;

/// The null version of one key: the one register whose value can be lost by a write that had not
/// seen it, so the one that is looked at when it is joined.
///
/// A body loses *unseen* where the vector of the entry that wins does not cover its dot. It is then
/// kept, as a register of its own under its order, and a body whose dot has such a register, kept
/// or settled, is never current: so what is current does not hang on whether a tombstone was
/// dropped already. Only a realm of several sites can have such.
final class NullRegister {
  private final RowChanges rows;
  private final EntryDot bucket;
  private final ByteString key;
  private final RowKey rowKey;

  NullRegister(RowChanges rows, EntryDot bucket, ByteString key) {
    this.rows = rows;
    this.bucket = bucket;
    this.key = key;
    this.rowKey = IndexKeys.nullVersion(bucket, key);
  }

  /// Joins a row into it.
  ///
  /// @param replaces the dots that the row's entry knowingly displaced
  List<Noticed> set(Row row, List<Dot> replaces) {
    Row old = Rows.row(rows, rowKey);
    boolean wins = old == null || Rows.order(old).compareTo(Rows.order(row)) <= 0;
    boolean several = RegisterRows.isRealm(rows);
    if (wins) {
      RegisterRows.set(rows, rowKey, old, several ? judged(row) : row);
    }
    if (!several) {
      return List.of();
    }
    List<Noticed> noticed = new ArrayList<>();
    if (old != null && wins) {
      addLost(noticed, old, row);
    } else if (old != null) {
      addLost(noticed, row, old);
    }
    addReplaced(noticed, replaces);
    return noticed;
  }

  /// Looks again whether the body that stands there is a conflict.
  void judge() {
    Row old = Rows.row(rows, rowKey);
    if (old != null) {
      Row judged = judged(old);
      if (judged.getConflicting() != old.getConflicting()) {
        RegisterRows.set(rows, rowKey, old, judged);
      }
    }
  }

  private Row judged(Row row) {
    if (!row.getNull().hasBody()) {
      return row;
    }
    EntryOrder order = Rows.order(row);
    boolean conflicting =
        isOf(row, Rows.row(rows, IndexKeys.conflict(bucket, key, order)))
            || isOf(row, Rows.row(rows, IndexKeys.conflictResolved(bucket, key, order)));
    return row.getConflicting() == conflicting
        ? row
        : row.toBuilder().setConflicting(conflicting).build();
  }

  private static boolean isOf(Row body, @Nullable Row conflict) {
    return conflict != null
        && (conflict.getConflict().getLoserDot().equals(body.getDot())
            || conflict.getConflictResolved().getLoserDot().equals(body.getDot()));
  }

  private void addLost(List<Noticed> noticed, Row loser, Row winner) {
    if (!loser.getNull().hasBody()
        || loser.getDot().equals(winner.getDot())
        || Rows.covers(rows, winner, Rows.dot(loser))) {
      return;
    }
    EntryOrder order = Rows.order(loser);
    if (rows.get(IndexKeys.conflict(bucket, key, order)) == null
        && rows.get(IndexKeys.conflictResolved(bucket, key, order)) == null) {
      noticed.add(
          new Noticed.Lost(
              bucket, key, order, Rows.dot(loser), loser.getNull().getBody(), Rows.dot(winner)));
    }
  }

  private void addReplaced(List<Noticed> noticed, List<Dot> replaces) {
    if (replaces.isEmpty()) {
      return;
    }
    KeyRange range = IndexKeys.conflictsOfKey(bucket, key);
    for (IndexView.RowEntry entry = rows.seek(range.from(), range.to());
        entry != null;
        entry = rows.seek(IndexKeys.after(entry.key()), range.to())) {
      Row row = Rows.row(entry);
      ConflictKept kept = row.getConflict();
      if (row.hasConflict() && replaces.contains(kept.getLoserDot())) {
        EntryOrder loser = EntryOrder.of(kept.getLoser());
        if (rows.get(IndexKeys.conflictResolved(bucket, key, loser)) == null) {
          noticed.add(new Noticed.Replaced(bucket, key, loser, EntryDot.of(kept.getLoserDot())));
        }
      }
    }
  }
}
