package skarb.node.index;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import skarb.node.index.EntryRejectedException.Reason;
import skarb.node.model.EntryDot;
import skarb.node.model.EntryOrder;
import skarb.node.model.OriginId;
import skarb.v1.BucketValue;
import skarb.v1.Dot;
import skarb.v1.Entry;
import skarb.v1.EntryHeader;
import skarb.v1.JournalRecord;
import skarb.v1.OriginHead;
import skarb.v1.Row;
import skarb.v1.SeenVector;

/// Adds records of the journal to the rows: the same code when they are written, when they are
/// replayed and when they come from another site.
///
/// The state is a join: what the rows say is a function of the *set* of entries, whatever order
/// they came in, so long as each origin's came in sequence. For an entry:
/// 1. One that is logged already changes nothing. A gap or a fork in the chain is rejected, and so
///    is what this release does not wholly understand, before anything changes.
/// 2. The origin's head moves on: sequence, SHA-256 of the bytes, highest stamp. Where the entry
///    changed the origin's running vector, that becomes a row of its own, which rows then name.
/// 3. If the entry acts, it sets registers. Each is last-writer-wins: the higher (hlc, origin)
///    stays.
/// 4. Rows that are derived from a bucket's two registers (its name, its owner) follow these.
///
/// Stateless; whoever calls owns the rows.
public final class Join {
  private Join() {}

  /// Repeats a record of the journal.
  ///
  /// @param record a serialised `JournalRecord`
  /// @throws EntryRejectedException where it cannot be joined
  public static void replay(RowChanges rows, ByteString record) {
    JournalRecord parsed;
    try {
      parsed = JournalRecord.parseFrom(record);
    } catch (InvalidProtocolBufferException e) {
      throw new EntryRejectedException(Reason.MALFORMED, "not a journal record: " + e.getMessage());
    }
    switch (parsed.getRecordCase()) {
      case ENTRY -> apply(rows, LoggedEntry.parse(parsed.getEntry()), true);
      case LOCAL -> LocalRecords.apply(rows, parsed.getLocal());
      case RECORD_NOT_SET ->
          throw new EntryRejectedException(Reason.UNKNOWN, "a record of a class not known");
    }
  }

  /// Adds an entry.
  ///
  /// @param acts whether it sets its registers. One that must wait (its stamp is far ahead) is only
  ///   logged; whoever says false keeps the entry until it may act
  /// @return false where it was logged already, and nothing changed
  /// @throws EntryRejectedException where it cannot be joined; nothing changed
  public static boolean apply(RowChanges rows, LoggedEntry logged, boolean acts) {
    EntryDot dot = logged.dot();
    OriginHead head = Rows.head(rows, dot.origin());
    if (dot.sequence() <= head.getSequence()) {
      return false;
    }
    checkChain(logged.entry().getHeader(), dot, head);
    List<RegisterWrite> writes = acts ? Registers.of(logged) : List.of();
    long seenSince = moveHead(rows, logged, dot, head);
    for (RegisterWrite write : writes) {
      Row row =
          write
              .row()
              .setDot(dot.toProto())
              .setHlc(logged.order().hlc().value())
              .setSeenSince(seenSince)
              .addAllSeenReduced(logged.entry().getHeader().getSeen().getReducedList())
              .build();
      write.set(rows, row);
    }
    return true;
  }

  /// The hash that the entry after this one names.
  public static ByteString hash(ByteString entryBytes) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      entryBytes.asReadOnlyByteBufferList().forEach(sha256::update);
      return ByteString.copyFrom(sha256.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static void checkChain(EntryHeader header, EntryDot dot, OriginHead head) {
    if (dot.sequence() != head.getSequence() + 1) {
      throw new EntryRejectedException(
          Reason.GAP, dot, "the last one logged is " + head.getSequence());
    }
    if (!header.getPreviousHash().equals(head.getHash())) {
      throw new EntryRejectedException(
          Reason.FORK, dot, "does not follow the entry before it that is logged here");
    }
  }

  private static long moveHead(RowChanges rows, LoggedEntry logged, EntryDot dot, OriginHead head) {
    Entry entry = logged.entry();
    long seenSince = head.getSeenSince();
    if (entry.getHeader().getSeen().getAdvancedCount() > 0) {
      NavigableMap<OriginId, Long> seen = new TreeMap<>(Rows.seen(rows, dot.origin(), seenSince));
      for (Dot grown : entry.getHeader().getSeen().getAdvancedList()) {
        seen.merge(new OriginId(grown.getOrigin()), grown.getSequence(), Math::max);
      }
      SeenVector.Builder vector = SeenVector.newBuilder();
      seen.forEach((origin, sequence) ->
          vector.addComponents(Dot.newBuilder().setOrigin(origin.value()).setSequence(sequence)));
      seenSince = dot.sequence();
      rows.put(IndexKeys.seenVector(dot.origin(), seenSince), vector.build().toByteArray());
    }
    long stamp = entry.getHeader().getHlc();
    rows.put(
        IndexKeys.originHead(dot.origin()),
        OriginHead.newBuilder()
            .setSequence(dot.sequence())
            .setHash(hash(logged.bytes()))
            .setSeenSince(seenSince)
            .setHlc(Long.compareUnsigned(stamp, head.getHlc()) > 0 ? stamp : head.getHlc())
            .build()
            .toByteArray());
    return seenSince;
  }

  /// One register that an entry sets.
  sealed interface RegisterWrite {
    /// What it comes to hold, without what all rows of the entry share.
    Row.Builder row();

    /// Sets it where the entry is the higher one.
    void set(RowChanges rows, Row row);
  }

  /// A register that stands alone.
  record PlainWrite(RowKey key, Row.Builder row) implements RegisterWrite {
    @Override
    public void set(RowChanges rows, Row row) {
      setIfHigher(rows, key, row);
    }
  }

  /// One of the two registers of a bucket, from which its name's and its owner's rows follow.
  record BucketWrite(EntryDot incarnation, RowKey key, Row.Builder row) implements RegisterWrite {
    @Override
    public void set(RowChanges rows, Row row) {
      derivedFromBucket(rows, incarnation).forEach(rows::remove);
      setIfHigher(rows, key, row);
      derivedFromBucket(rows, incarnation).forEach(derived -> rows.put(derived, new byte[0]));
    }
  }

  private static void setIfHigher(RowChanges rows, RowKey key, Row row) {
    Row old = Rows.row(rows, key);
    // Equal only where one entry names a register twice: its effects happened in their order.
    if (old == null || Rows.order(old).compareTo(Rows.order(row)) <= 0) {
      rows.put(key, row.toByteArray());
    }
  }

  /// The keys of what follows from a bucket's two registers as they stand.
  static List<RowKey> derivedFromBucket(IndexView rows, EntryDot incarnation) {
    Row bucket = Rows.row(rows, IndexKeys.bucket(incarnation));
    if (bucket == null) {
      return List.of();
    }
    EntryOrder created = Rows.order(bucket);
    BucketValue value = bucket.getBucket();
    boolean deleted = rows.get(IndexKeys.bucketDeleted(incarnation)) != null;
    List<RowKey> keys = new ArrayList<>();
    keys.add(IndexKeys.bucketName(value.getName(), deleted, created.hlc(), incarnation));
    if (!deleted) {
      keys.add(
          IndexKeys.bucketOwner(value.getOwnerId(), value.getName(), created.hlc(), incarnation));
    }
    return keys;
  }
}
