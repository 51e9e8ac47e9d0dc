package skarb.node.index;

import skarb.node.index.EntryRejectedException.Reason;
import skarb.node.model.EntryDot;
import skarb.node.model.EntryOrder;
import skarb.node.model.Hlc;
import skarb.node.model.OriginId;
import skarb.v1.LocalRecord;
import skarb.v1.RegisterId;
import skarb.v1.Row;
import skarb.v1.TombstoneDropped;

/// Adds local records to the rows: what is true of this site alone. They are repeated as they stand
/// and never judged again.
public final class LocalRecords {
  private LocalRecords() {}

  /// Adds a record.
  ///
  /// @throws EntryRejectedException UNKNOWN for one of a later release, MALFORMED for one that
  ///   would drop what is not gone; nothing changed
  public static void apply(RowChanges rows, LocalRecord local) {
    String unknown = UnknownFields.find(local);
    if (unknown != null) {
      throw new EntryRejectedException(Reason.UNKNOWN, unknown);
    }
    switch (local.getRecordCase()) {
      case TOMBSTONE_DROPPED -> drop(rows, local.getTombstoneDropped());
      // Nobody writes these yet: this release has no peers whose entries could have to wait.
      case ENTRY_PENDED,
          ENTRY_RELEASED,
          UPLOAD_OPENED,
          PART_STORED,
          UPLOAD_ENDED,
          UPLOAD_FORGOTTEN,
          RECORD_NOT_SET ->
          throw new EntryRejectedException(
              Reason.UNKNOWN, "a local record of a later release: " + local.getRecordCase());
    }
  }

  private static void drop(RowChanges rows, TombstoneDropped dropped) {
    RegisterId register = dropped.getRegister();
    EntryOrder upTo = new EntryOrder(new Hlc(dropped.getHlc()), new OriginId(dropped.getOrigin()));
    switch (register.getKind()) {
      case REGISTER_KIND_NULL ->
          dropGone(rows, IndexKeys.nullVersion(bucket(register), register.getKey()), upTo);
      case REGISTER_KIND_ACCESS_KEY ->
          dropGone(rows, IndexKeys.accessKey(register.getName()), upTo);
      case REGISTER_KIND_TOMBSTONE -> dropVersion(rows, register, upTo);
      case REGISTER_KIND_BUCKET_DELETED -> dropBucket(rows, bucket(register), upTo);
      case REGISTER_KIND_UNSPECIFIED,
          REGISTER_KIND_VERSION,
          REGISTER_KIND_BUCKET,
          REGISTER_KIND_BUCKET_SETTING,
          REGISTER_KIND_BORN,
          REGISTER_KIND_USER,
          UNRECOGNIZED ->
          throw new EntryRejectedException(
              Reason.MALFORMED, "a dropped register that is no tombstone: " + register.getKind());
    }
  }

  /// Drops a register whose value says that it is gone.
  private static void dropGone(RowChanges rows, RowKey key, EntryOrder upTo) {
    Row row = Rows.row(rows, key);
    if (row == null || Rows.order(row).compareTo(upTo) > 0) {
      return;
    }
    if (!row.getNull().hasAbsent() && !row.getAccessKey().hasAbsent()) {
      throw new EntryRejectedException(Reason.MALFORMED, "a dropped register that is not gone");
    }
    rows.remove(key);
  }

  /// Drops a version's tombstone and the version that it named. One that was issued again since has
  /// another dot and stays.
  private static void dropVersion(RowChanges rows, RegisterId register, EntryOrder upTo) {
    EntryDot bucket = bucket(register);
    EntryOrder version = EntryOrder.of(register.getVersion());
    RowKey tombstoneKey = IndexKeys.tombstone(bucket, register.getKey(), version);
    Row tombstone = Rows.row(rows, tombstoneKey);
    if (tombstone == null || Rows.order(tombstone).compareTo(upTo) > 0) {
      return;
    }
    rows.remove(tombstoneKey);
    RowKey versionKey = IndexKeys.version(bucket, register.getKey(), version);
    Row row = Rows.row(rows, versionKey);
    if (row != null && row.getDot().equals(tombstone.getTombstone())) {
      rows.remove(versionKey);
    }
  }

  private static void dropBucket(RowChanges rows, EntryDot incarnation, EntryOrder upTo) {
    RowKey deletedKey = IndexKeys.bucketDeleted(incarnation);
    Row deleted = Rows.row(rows, deletedKey);
    if (deleted == null || Rows.order(deleted).compareTo(upTo) > 0) {
      return;
    }
    Join.derivedFromBucket(rows, incarnation).forEach(rows::remove);
    rows.remove(IndexKeys.bucket(incarnation));
    rows.remove(deletedKey);
  }

  private static EntryDot bucket(RegisterId register) {
    if (register.getBucket().getSequence() < 1) {
      throw new EntryRejectedException(Reason.MALFORMED, "a register without its bucket");
    }
    return EntryDot.of(register.getBucket());
  }
}
