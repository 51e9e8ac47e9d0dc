package skarb.node.index;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import skarb.node.index.EntryRejectedException.Reason;
import skarb.node.model.EntryDot;
import skarb.node.model.EntryOrder;
import skarb.node.model.FrameBytes;
import skarb.node.model.OriginId;
import skarb.v1.Dot;
import skarb.v1.Effect;
import skarb.v1.Entry;
import skarb.v1.EntryHeader;
import skarb.v1.JournalRecord;
import skarb.v1.OriginHead;
import skarb.v1.PendingReason;
import skarb.v1.PendingRow;
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
      case ENTRY -> join(rows, LoggedEntry.parse(parsed.getEntry()));
      case LOCAL -> LocalRecords.apply(rows, parsed.getLocal());
      case RECORD_NOT_SET ->
          throw new EntryRejectedException(Reason.UNKNOWN, "a record of a class not known");
    }
  }

  /// Adds an entry. It is only logged, and kept, where an `EntryPended` record of the same batch
  /// said before that it cannot act yet.
  ///
  /// @return not new where it was logged already, and nothing changed
  /// @throws EntryRejectedException where it cannot be joined; nothing changed
  public static Joined join(RowChanges rows, LoggedEntry logged) {
    EntryDot dot = logged.dot();
    OriginHead head = Rows.head(rows, dot.origin());
    if (dot.sequence() <= head.getSequence()) {
      return new Joined(false, List.of());
    }
    checkChain(logged.entry().getHeader(), dot, head);
    RowKey pending = IndexKeys.pending(dot);
    byte[] pended = rows.changed(pending);
    if (pended != null) {
      long seenSince = moveHead(rows, logged, dot, head, false);
      rows.put(
          pending,
          Rows.pending(pending, pended).toBuilder()
              .setEntry(logged.bytes())
              .setSeenSince(seenSince)
              .build()
              .toByteArray());
      return new Joined(true, List.of());
    }
    List<RegisterWrite> writes = Registers.of(logged);
    long seenSince = moveHead(rows, logged, dot, head, true);
    return new Joined(true, act(rows, logged, writes, seenSince));
  }

  /// What became of an entry.
  ///
  /// @param isNew whether it was not logged before
  /// @param noticed what its writer here must put on record
  public record Joined(boolean isNew, List<Noticed> noticed) {}

  /// An entry that is pending.
  ///
  /// @throws EntryRejectedException where it is not
  public static LoggedEntry pending(IndexView rows, EntryDot dot) {
    return LoggedEntry.parse(pendingRow(rows, dot).getEntry());
  }

  private static PendingRow pendingRow(IndexView rows, EntryDot dot) {
    RowKey key = IndexKeys.pending(dot);
    byte[] value = rows.get(key);
    if (value == null) {
      throw new EntryRejectedException(Reason.MALFORMED, dot, "it is not pending");
    }
    return Rows.pending(key, value);
  }

  /// Lets an entry act that was pending.
  ///
  /// @throws EntryRejectedException where it cannot; nothing changed
  public static List<Noticed> release(RowChanges rows, EntryDot dot) {
    RowKey key = IndexKeys.pending(dot);
    PendingRow pending = pendingRow(rows, dot);
    LoggedEntry logged = LoggedEntry.parse(pending.getEntry());
    List<RegisterWrite> writes = Registers.of(logged);
    rows.remove(key);
    OriginHead head = Rows.head(rows, dot.origin());
    rows.put(
        IndexKeys.originHead(dot.origin()),
        head.toBuilder()
            .setActingHlc(higher(logged.order().hlc().value(), head.getActingHlc()))
            .build()
            .toByteArray());
    return act(rows, logged, writes, pending.getSeenSince());
  }

  /// Sets an entry's registers.
  private static List<Noticed> act(
      RowChanges rows, LoggedEntry logged, List<RegisterWrite> writes, long seenSince) {
    List<Noticed> noticed = new ArrayList<>();
    for (RegisterWrite write : writes) {
      Row row =
          write
              .row()
              .setDot(logged.dot().toProto())
              .setHlc(logged.order().hlc().value())
              .setSeenSince(seenSince)
              .addAllSeenReduced(logged.entry().getHeader().getSeen().getReducedList())
              .build();
      noticed.addAll(write.set(rows, row, logged.entry().getHeader().getReplacesList()));
    }
    followObjects(rows, writes);
    want(rows, logged);
    return noticed;
  }

  /// Fills in the row that says that bodies of the entry are not here, where its batch said so
  /// before. A body that lost is read under the loser's own dot, whoever kept it: so it is wanted
  /// under that too, since the loser's entry may be one that cannot act here.
  private static void want(RowChanges rows, LoggedEntry logged) {
    RowKey wanted = IndexKeys.wanted(logged.dot());
    if (rows.changed(wanted) == null) {
      return;
    }
    byte[] bodies =
        Bodies.of(logged.entry()).toBuilder()
            .setHlc(logged.order().hlc().value())
            .build()
            .toByteArray();
    rows.put(wanted, bodies);
    for (Effect effect : logged.entry().getEffectsList()) {
      if (effect.hasConflictKept()) {
        RowKey ofLoser = IndexKeys.wanted(EntryDot.of(effect.getConflictKept().getLoserDot()));
        if (rows.get(ofLoser) == null) {
          rows.put(ofLoser, bodies);
        }
      }
    }
  }

  private static void followObjects(RowChanges rows, List<RegisterWrite> writes) {
    if (!RegisterRows.isRealm(rows)) {
      return; // nobody else can write into what was deleted here
    }
    Map<EntryDot, List<RowKey>> touched = new LinkedHashMap<>();
    for (RegisterWrite write : writes) {
      RowKey key = write.key();
      if (IndexKeys.isObject(key)) {
        touched
            .computeIfAbsent(IndexKeys.parseIncarnation(key), each -> new ArrayList<>())
            .add(key);
      }
    }
    touched.forEach((bucket, keys) -> BucketNames.objectsChanged(rows, bucket, keys));
  }

  /// Why an entry cannot act, whatever the time; empty where it can.
  public static Optional<PendingReason> unfit(LoggedEntry logged) {
    try {
      Registers.of(logged);
      return Optional.empty();
    } catch (EntryRejectedException e) {
      return Optional.of(
          e.reason() == Reason.UNKNOWN
              ? PendingReason.PENDING_REASON_UNKNOWN
              : PendingReason.PENDING_REASON_MALFORMED);
    }
  }

  /// Whether an entry is logged already.
  ///
  /// @throws EntryRejectedException GAP or FORK where it is not, and does not follow
  public static boolean isLogged(IndexView rows, LoggedEntry logged) {
    OriginHead head = Rows.head(rows, logged.dot().origin());
    if (logged.dot().sequence() <= head.getSequence()) {
      return true;
    }
    checkChain(logged.entry().getHeader(), logged.dot(), head);
    return false;
  }

  /// The hash that the entry after this one names.
  public static ByteString hash(ByteString entryBytes) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      FrameBytes.of(entryBytes).forEach(sha256::update);
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

  /// @param acts whether the entry acts, and is not only logged
  private static long moveHead(
      RowChanges rows, LoggedEntry logged, EntryDot dot, OriginHead head, boolean acts) {
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
            .setHlc(higher(stamp, head.getHlc()))
            .setActingHlc(acts ? higher(stamp, head.getActingHlc()) : head.getActingHlc())
            .build()
            .toByteArray());
    return seenSince;
  }

  private static long higher(long stamp, long other) {
    return Long.compareUnsigned(stamp, other) > 0 ? stamp : other;
  }

  /// One register that an entry sets.
  sealed interface RegisterWrite {
    /// Its row.
    RowKey key();

    /// What it comes to hold, without what all rows of the entry share.
    Row.Builder row();

    /// Sets it where the entry is the higher one.
    ///
    /// @param replaces the dots that the entry knowingly displaced
    List<Noticed> set(RowChanges rows, Row row, List<Dot> replaces);
  }

  /// A register that stands alone.
  record PlainWrite(RowKey key, Row.Builder row) implements RegisterWrite {
    @Override
    public List<Noticed> set(RowChanges rows, Row row, List<Dot> replaces) {
      RegisterRows.setIfHigher(rows, key, row);
      return List.of();
    }
  }

  /// One of the two registers of a bucket, from which its name's and its owner's rows follow.
  record BucketWrite(EntryDot incarnation, RowKey key, Row.Builder row) implements RegisterWrite {
    @Override
    public List<Noticed> set(RowChanges rows, Row row, List<Dot> replaces) {
      RegisterRows.setIfHigher(rows, key, row);
      BucketNames.registersChanged(rows, incarnation);
      return List.of();
    }
  }

  /// A key's null version. It looks at what it meets: see [Noticed].
  record NullWrite(EntryDot bucket, ByteString object, Row.Builder row) implements RegisterWrite {
    @Override
    public RowKey key() {
      return IndexKeys.nullVersion(bucket, object);
    }

    @Override
    public List<Noticed> set(RowChanges rows, Row row, List<Dot> replaces) {
      return new NullRegister(rows, bucket, object).set(row, replaces);
    }
  }

  /// That a body that lost unseen is kept, or settled.
  record ConflictWrite(
      EntryDot bucket, ByteString object, EntryOrder loser, RowKey key, Row.Builder row)
      implements RegisterWrite {
    @Override
    public List<Noticed> set(RowChanges rows, Row row, List<Dot> replaces) {
      RegisterRows.setIfHigher(rows, key, row);
      new NullRegister(rows, bucket, object).judge();
      KeptConflicts.follow(rows, bucket, object, loser);
      return List.of();
    }
  }

  /// A member. From the first one on the realm counts as one of several sites.
  record MemberWrite(RowKey key, Row.Builder row) implements RegisterWrite {
    @Override
    public List<Noticed> set(RowChanges rows, Row row, List<Dot> replaces) {
      rows.put(IndexKeys.realm(), new byte[0]);
      RegisterRows.setIfHigher(rows, key, row);
      return List.of();
    }
  }
}
