package skarb.node.commit;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import skarb.node.commit.Evaluation.Effects;
import skarb.node.commit.Evaluation.Holds;
import skarb.node.commit.Evaluation.LocalEffects;
import skarb.node.commit.Evaluation.Write;
import skarb.node.commit.Evaluation.WriteLocal;
import skarb.node.index.BucketRow;
import skarb.node.index.ObjectVersion;
import skarb.node.model.EntryDot;
import skarb.node.model.Hlc;
import skarb.node.model.NodeException;
import skarb.v1.BodyArrived;
import skarb.v1.ConflictResolution;
import skarb.v1.ErrorReason;
import skarb.v1.LocalRecord;
import skarb.v1.MemberValue;
import skarb.v1.RegisterKind;

/// The rules of mutations that only a realm of several sites has. As pure as [MutationEvaluator].
final class RealmMutations {
  private final RuleRows rows;

  /// @param rows the rows as all mutations before this one leave them
  RealmMutations(RuleRows rows) {
    this.rows = rows;
  }

  static Evaluation noteBodies(Mutation.NoteBodies note) {
    return local(
        note.entries().stream()
            .map(dot ->
                LocalRecord.newBuilder()
                    .setBodyArrived(BodyArrived.newBuilder().setDot(dot.toProto()))
                    .build())
            .toList());
  }

  static Evaluation dropTombstones(Mutation.DropTombstones drop) {
    return local(
        drop.tombstones().stream()
            .map(dropped -> LocalRecord.newBuilder().setTombstoneDropped(dropped).build())
            .toList());
  }

  private static Evaluation local(List<LocalRecord> records) {
    return records.isEmpty()
        ? new Holds(new Committed.Noted())
        : new WriteLocal(stamp -> new LocalEffects(records, new Committed.Noted()));
  }

  Evaluation setMember(Mutation.SetMember set) {
    Optional<MemberValue> known = rows.catalog().member(set.site());
    if (known.isPresent() && known.get().equals(set.member())) {
      return new Holds(new Committed.Noted());
    }
    return new Write(
        Hlc.ZERO,
        List.of(),
        (dot, order) ->
            new Effects(
                Registers.siteScope(RegisterKind.REGISTER_KIND_MEMBER),
                List.of(Registers.memberSet(set.site(), set.member())),
                List.of(),
                new Committed.Noted()));
  }

  Evaluation resolveConflict(Mutation.ResolveConflict resolve) {
    BucketRow bucket = rows.ownBucket(resolve.bucket(), resolve.userId());
    ByteString key = resolve.key().bytes();
    for (EntryDot incarnation : bucket.incarnations()) {
      Optional<ObjectVersion> kept = rows.catalog().conflict(incarnation, key, resolve.loser());
      if (kept.isPresent()) {
        return settle(incarnation, key, kept.get(), resolve.resolution(), new Committed.Noted());
      }
    }
    throw new NodeException(
        ErrorReason.ERROR_REASON_NO_SUCH_VERSION,
        "no conflict is kept under that version",
        Map.of("bucket", resolve.bucket().value(), "key", resolve.key().text()));
  }

  /// Settles a conflict that is kept.
  static Evaluation settle(
      EntryDot incarnation,
      ByteString key,
      ObjectVersion kept,
      ConflictResolution resolution,
      Committed.Answer answer) {
    return new Write(
        kept.id().hlc(),
        List.of(),
        (dot, order) ->
            new Effects(
                Registers.conflictScope(
                    incarnation, key, RegisterKind.REGISTER_KIND_CONFLICT_RESOLVED),
                List.of(
                    Registers.conflictResolved(
                        incarnation, key, kept.id(), kept.dot(), resolution)),
                List.of(),
                answer));
  }
}
