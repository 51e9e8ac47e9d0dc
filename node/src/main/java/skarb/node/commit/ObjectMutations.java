package skarb.node.commit;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import skarb.node.commit.Evaluation.Effects;
import skarb.node.commit.Evaluation.Holds;
import skarb.node.commit.Evaluation.Write;
import skarb.node.index.BucketRow;
import skarb.node.index.Catalog;
import skarb.node.index.ObjectVersion;
import skarb.node.model.EntryDot;
import skarb.node.model.EntryOrder;
import skarb.node.model.Hlc;
import skarb.node.model.ObjectKey;
import skarb.node.model.VersionId;
import skarb.v1.ConflictResolution;
import skarb.v1.Effect;
import skarb.v1.LocalRecord;
import skarb.v1.RegisterKind;
import skarb.v1.Scope;
import skarb.v1.Versioning;

/// The rules of mutations of objects. As pure as [MutationEvaluator].
final class ObjectMutations {
  private final RuleRows rows;
  private final Catalog catalog;
  private final ObjectWrites writes;

  /// @param rows the rows as all mutations before this one leave them
  ObjectMutations(RuleRows rows) {
    this.rows = rows;
    this.catalog = rows.catalog();
    this.writes = new ObjectWrites(rows);
  }

  Evaluation putObject(Mutation.PutObject put) {
    return writes.write(
        rows.ownBucket(put.bucket(), put.userId()),
        put.key(),
        put.body(),
        put.conditions(),
        ObjectWrites.Along.answering(
            stored -> new Committed.ObjectPut(stored.versionId(), stored.modifiedMillis())));
  }

  Evaluation deleteObject(Mutation.DeleteObject delete) {
    BucketRow bucket = rows.ownBucket(delete.bucket(), delete.userId());
    if (delete.versionId().isPresent()) {
      return switch (delete.versionId().get()) {
        case VersionId.Null _ -> removeNull(bucket, delete);
        case VersionId.Stamped(var id) -> removeVersion(bucket, delete, id);
      };
    }
    return catalog.in(bucket).versioning(bucket.incarnation()) == Versioning.VERSIONING_UNSPECIFIED
        ? removeNull(bucket, delete)
        : mark(bucket, delete);
  }

  /// A delete marker, even over nothing. Whoever asks for a deletion of one certain object by
  /// If-Match has nothing deleted where there is none, and no marker either.
  private Evaluation mark(BucketRow bucket, Mutation.DeleteObject delete) {
    Optional<ObjectVersion> current =
        catalog.in(bucket).current(bucket.incarnation(), delete.key().bytes());
    if (current.isEmpty() && delete.conditions().hasIfMatch()) {
      return new Holds(new Committed.ObjectDeleted(false, Optional.empty(), false));
    }
    Conditions.checkDelete(delete.conditions(), current);
    return writes.mark(
        bucket,
        delete.key(),
        current,
        delete.userId(),
        ObjectWrites.Along.answering(
            stored -> new Committed.ObjectDeleted(current.isPresent(), stored.versionId(), true)));
  }

  private Evaluation removeNull(BucketRow bucket, Mutation.DeleteObject delete) {
    ObjectKey key = delete.key();
    Optional<ObjectVersion> target =
        catalog.in(bucket).nullVersion(bucket.incarnation(), key.bytes());
    if (target.isEmpty()) {
      return new Holds(new Committed.ObjectDeleted(false, delete.versionId(), false));
    }
    Conditions.checkDelete(delete.conditions(), target);
    return clear(
        bucket,
        key,
        ObjectWrites.holders(catalog, bucket, key.bytes()),
        new Committed.ObjectDeleted(true, delete.versionId(), target.get().isDeleteMarker()));
  }

  private Evaluation clear(
      BucketRow bucket,
      ObjectKey key,
      List<ObjectWrites.NullHolder> holders,
      Committed.Answer answer) {
    return new Write(
        ObjectWrites.nullStamp(catalog, bucket, key.bytes()),
        ObjectWrites.replaced(holders),
        (dot, order) -> {
          List<Scope> scopes = new ArrayList<>();
          List<Effect> effects = new ArrayList<>();
          List<LocalRecord> dropped = new ArrayList<>();
          for (ObjectWrites.NullHolder each : holders) {
            EntryDot incarnation = each.incarnation();
            scopes.add(Registers.nullScope(incarnation, key));
            effects.add(Registers.nullSet(incarnation, key, Registers.NULL_ABSENT));
            dropped.addAll(rows.dropped(Registers.nullId(incarnation, key), order));
          }
          return new Effects(scopes, effects, dropped, answer);
        });
  }

  private Evaluation removeVersion(BucketRow bucket, Mutation.DeleteObject delete, EntryOrder id) {
    ObjectKey key = delete.key();
    for (EntryDot incarnation : bucket.incarnations()) {
      Optional<ObjectVersion> target = catalog.version(incarnation, key.bytes(), id);
      if (target.isPresent()) {
        Conditions.checkDelete(delete.conditions(), target);
        return removeVersion(incarnation, delete, id, target.get());
      }
    }
    return removeConflict(bucket, delete, id);
  }

  private Evaluation removeVersion(
      EntryDot incarnation, Mutation.DeleteObject delete, EntryOrder id, ObjectVersion target) {
    ObjectKey key = delete.key();
    Hlc tombstone =
        catalog.tombstoneOrder(incarnation, key.bytes(), id).map(EntryOrder::hlc).orElse(Hlc.ZERO);
    return new Write(
        ObjectWrites.max(tombstone, target.order().hlc()),
        List.of(),
        (dot, order) ->
            new Effects(
                Registers.keyScope(incarnation, key, RegisterKind.REGISTER_KIND_TOMBSTONE),
                List.of(Registers.versionRemoved(incarnation, key, id, target.dot())),
                rows.dropped(Registers.tombstoneId(incarnation, key, id), order),
                new Committed.ObjectDeleted(true, delete.versionId(), target.isDeleteMarker())));
  }

  /// A body that lost unseen is listed and read by its id, and so it is deleted by it: whoever does
  /// has decided the conflict. The same for a null version that shows like one, since another
  /// incarnation of its bucket has a higher.
  private Evaluation removeConflict(BucketRow bucket, Mutation.DeleteObject delete, EntryOrder id) {
    ByteString key = delete.key().bytes();
    Optional<ObjectVersion> target = catalog.in(bucket).conflict(bucket.incarnation(), key, id);
    Committed.Answer removed = new Committed.ObjectDeleted(true, delete.versionId(), false);
    if (target.isEmpty()) {
      return new Holds(new Committed.ObjectDeleted(false, delete.versionId(), false));
    }
    Conditions.checkDelete(delete.conditions(), target);
    for (EntryDot incarnation : bucket.incarnations()) {
      Optional<ObjectVersion> kept = catalog.conflict(incarnation, key, id);
      if (kept.isPresent()) {
        return RealmMutations.settle(
            incarnation, key, kept.get(), ConflictResolution.CONFLICT_RESOLUTION_DECIDED, removed);
      }
    }
    List<ObjectWrites.NullHolder> lower =
        ObjectWrites.holders(catalog, bucket, key).stream()
            .filter(each -> each.version().order().equals(id))
            .toList();
    return clear(bucket, delete.key(), lower, removed);
  }
}
