package skarb.node.index;

import com.google.protobuf.ByteString;
import skarb.node.index.EntryRejectedException.Reason;
import skarb.node.model.EntryDot;
import skarb.node.model.EntryOrder;
import skarb.node.model.Hlc;
import skarb.node.model.OriginId;
import skarb.v1.BodyWanted;
import skarb.v1.Dot;
import skarb.v1.EntryPended;
import skarb.v1.EntryReleased;
import skarb.v1.LocalRecord;
import skarb.v1.PeerPosition;
import skarb.v1.PeerPositionRow;
import skarb.v1.PendingReason;
import skarb.v1.PendingRow;
import skarb.v1.RegisterId;
import skarb.v1.Row;
import skarb.v1.TombstoneDropped;
import skarb.v1.WantedRow;

/// Adds local records to the rows: what is true of this site alone. They are repeated as they stand
/// and never judged again.
public final class LocalRecords {
  /// More than `BucketSetting` has fields: its numbers are few, and one that is not known is never
  /// joined.
  private static final int MAX_SETTINGS = 256;

  private static final int STORE_ID_BYTES = 16;

  private LocalRecords() {}

  /// The record that an entry, which follows in the batch, cannot act yet.
  public static LocalRecord pended(EntryDot entry, PendingReason reason) {
    return LocalRecord.newBuilder()
        .setEntryPended(EntryPended.newBuilder().setDot(entry.toProto()).setReason(reason))
        .build();
  }

  /// The record that a pending entry acts now.
  public static LocalRecord released(EntryDot entry) {
    return LocalRecord.newBuilder()
        .setEntryReleased(EntryReleased.newBuilder().setDot(entry.toProto()))
        .build();
  }

  /// The record that bytes which an entry names, that acts next in the batch, are not here yet.
  public static LocalRecord wanted(EntryDot entry) {
    return LocalRecord.newBuilder()
        .setBodyWanted(BodyWanted.newBuilder().setDot(entry.toProto()))
        .build();
  }

  /// The record that a peer's journal is logged here up to a batch.
  ///
  /// @param store names the journal: 16 bytes
  public static LocalRecord position(ByteString store, long batch) {
    return LocalRecord.newBuilder()
        .setPeerPosition(PeerPosition.newBuilder().setStore(store).setBatch(batch))
        .build();
  }

  /// Adds a record.
  ///
  /// @throws EntryRejectedException UNKNOWN for one of a later release, MALFORMED for one that
  ///   would drop what is not gone, or that does not go with the uploads there are; nothing changed
  public static void apply(RowChanges rows, LocalRecord local) {
    String unknown = UnknownFields.find(local);
    if (unknown != null) {
      throw new EntryRejectedException(Reason.UNKNOWN, unknown);
    }
    switch (local.getRecordCase()) {
      case TOMBSTONE_DROPPED -> drop(rows, local.getTombstoneDropped());
      case ENTRY_PENDED -> pend(rows, local.getEntryPended());
      case ENTRY_RELEASED -> Join.release(rows, dot(local.getEntryReleased().getDot()));
      case BODY_WANTED ->
          rows.put(
              IndexKeys.wanted(dot(local.getBodyWanted().getDot())),
              WantedRow.getDefaultInstance().toByteArray());
      case BODY_ARRIVED -> rows.remove(IndexKeys.wanted(dot(local.getBodyArrived().getDot())));
      case PEER_POSITION -> position(rows, local.getPeerPosition());
      case UPLOAD_OPENED -> UploadRecords.opened(rows, local.getUploadOpened());
      case PART_STORED -> UploadRecords.partStored(rows, local.getPartStored());
      case UPLOAD_ENDED -> UploadRecords.ended(rows, local.getUploadEnded());
      case UPLOAD_FORGOTTEN -> UploadRecords.forgotten(rows, local.getUploadForgotten());
      case RECORD_NOT_SET ->
          throw new EntryRejectedException(
              Reason.UNKNOWN, "a local record of a later release: " + local.getRecordCase());
    }
  }

  /// The entry itself follows in the same batch and finds this row.
  private static void pend(RowChanges rows, EntryPended pended) {
    rows.put(
        IndexKeys.pending(dot(pended.getDot())),
        PendingRow.newBuilder().setReason(pended.getReason()).build().toByteArray());
  }

  private static void position(RowChanges rows, PeerPosition position) {
    if (position.getStore().size() != STORE_ID_BYTES) {
      throw new EntryRejectedException(Reason.MALFORMED, "a position in no journal");
    }
    rows.put(
        IndexKeys.peerPosition(position.getStore()),
        PeerPositionRow.newBuilder().setBatch(position.getBatch()).build().toByteArray());
  }

  private static EntryDot dot(Dot dot) {
    if (dot.getSequence() < 1) {
      throw new EntryRejectedException(Reason.MALFORMED, "a record that names no entry");
    }
    return EntryDot.of(dot);
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
      case REGISTER_KIND_CONFLICT_RESOLVED -> dropConflict(rows, register, upTo);
      case REGISTER_KIND_UNSPECIFIED,
          REGISTER_KIND_VERSION,
          REGISTER_KIND_BUCKET,
          REGISTER_KIND_BUCKET_SETTING,
          REGISTER_KIND_BORN,
          REGISTER_KIND_USER,
          REGISTER_KIND_CONFLICT,
          REGISTER_KIND_MEMBER,
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
    if (!RegisterRows.isGone(row)) {
      throw new EntryRejectedException(Reason.MALFORMED, "a dropped register that is not gone");
    }
    RegisterRows.remove(rows, key, row);
  }

  /// Drops a settled conflict: that it is settled, what was kept, and the row of the loser, which
  /// would be current otherwise.
  private static void dropConflict(RowChanges rows, RegisterId register, EntryOrder upTo) {
    EntryDot bucket = bucket(register);
    EntryOrder loser = EntryOrder.of(register.getVersion());
    RowKey resolvedKey = IndexKeys.conflictResolved(bucket, register.getKey(), loser);
    Row resolved = Rows.row(rows, resolvedKey);
    if (resolved == null || Rows.order(resolved).compareTo(upTo) > 0) {
      return;
    }
    RegisterRows.remove(rows, resolvedKey, resolved);
    rows.remove(IndexKeys.conflict(bucket, register.getKey(), loser));
    KeptConflicts.follow(rows, bucket, register.getKey(), loser);
    RowKey nullKey = IndexKeys.nullVersion(bucket, register.getKey());
    Row body = Rows.row(rows, nullKey);
    if (body != null && body.getDot().equals(resolved.getConflictResolved().getLoserDot())) {
      RegisterRows.remove(rows, nullKey, body);
    }
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
    RegisterRows.remove(rows, tombstoneKey, tombstone);
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
    BucketNames.forget(rows, incarnation);
    rows.remove(IndexKeys.bucket(incarnation));
    KeyRange settings = IndexKeys.bucketSettings(incarnation);
    rows.scan(settings.from(), settings.to(), MAX_SETTINGS).stream()
        .map(IndexView.RowEntry::key)
        .forEach(rows::remove);
    rows.remove(deletedKey);
  }

  private static EntryDot bucket(RegisterId register) {
    if (register.getBucket().getSequence() < 1) {
      throw new EntryRejectedException(Reason.MALFORMED, "a register without its bucket");
    }
    return EntryDot.of(register.getBucket());
  }
}
