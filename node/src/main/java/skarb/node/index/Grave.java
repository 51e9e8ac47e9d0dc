package skarb.node.index;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import skarb.node.model.EntryDot;
import skarb.node.model.EntryOrder;
import skarb.v1.RegisterId;
import skarb.v1.RegisterKind;
import skarb.v1.Row;
import skarb.v1.TombstoneDropped;

/// A register that says that something is gone.
///
/// @param key where it stands in the list of all
/// @param dots the entries that every member must have seen before it may go: the one that set it,
///   and those that keep a conflict about it
/// @param dropped the record that drops it
public record Grave(RowKey key, List<EntryDot> dots, TombstoneDropped dropped) {
  public Grave {
    dots = List.copyOf(dots);
  }

  /// From its place in the list; null where the row is no longer there.
  static @Nullable Grave of(IndexView rows, RowKey key) {
    RowKey rowKey = IndexKeys.rowOfGrave(key);
    Row row = Rows.row(rows, rowKey);
    if (row == null || !RegisterRows.isGone(row)) {
      return null;
    }
    EntryOrder order = Rows.order(row);
    RegisterId.Builder register = RegisterId.newBuilder();
    List<EntryDot> dots = new ArrayList<>(List.of(Rows.dot(row)));
    if (row.hasAccessKey()) {
      register.setKind(RegisterKind.REGISTER_KIND_ACCESS_KEY).setName(IndexKeys.parseId(rowKey));
    } else {
      EntryDot bucket = IndexKeys.parseIncarnation(rowKey);
      ObjectRowKey object = IndexKeys.parseObject(rowKey);
      register.setBucket(bucket.toProto()).setKey(object.key());
      switch (object) {
        case ObjectRowKey.Null(var objectKey) -> {
          register.setKind(RegisterKind.REGISTER_KIND_NULL);
          addDot(rows, dots, IndexKeys.conflict(bucket, objectKey, order));
          addDot(rows, dots, IndexKeys.conflictResolved(bucket, objectKey, order));
        }
        case ObjectRowKey.Tombstone(var ignored, var version) ->
            register.setKind(RegisterKind.REGISTER_KIND_TOMBSTONE).setVersion(version.toProto());
        case ObjectRowKey.Conflict(var ignored, var loser, var settled) ->
            register
                .setKind(RegisterKind.REGISTER_KIND_CONFLICT_RESOLVED)
                .setVersion(loser.toProto());
        case ObjectRowKey.Version ignored ->
            throw new IllegalStateException("a version is no grave");
      }
    }
    return new Grave(
        key,
        dots,
        TombstoneDropped.newBuilder()
            .setRegister(register)
            .setHlc(order.hlc().value())
            .setOrigin(order.origin().value())
            .build());
  }

  private static void addDot(IndexView rows, List<EntryDot> dots, RowKey key) {
    Row row = Rows.row(rows, key);
    if (row != null) {
      dots.add(Rows.dot(row));
    }
  }
}
