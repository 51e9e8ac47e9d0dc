package skarb.node.commit;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import skarb.node.commit.Evaluation.Effects;
import skarb.node.commit.Evaluation.Holds;
import skarb.node.commit.Evaluation.Write;
import skarb.node.index.BucketRow;
import skarb.node.index.Catalog;
import skarb.node.model.BucketName;
import skarb.node.model.EntryDot;
import skarb.node.model.EntryOrder;
import skarb.node.model.Hlc;
import skarb.node.model.NodeException;
import skarb.v1.BucketSetting;
import skarb.v1.BucketValue;
import skarb.v1.Dot;
import skarb.v1.ErrorReason;
import skarb.v1.RegisterKind;
import skarb.v1.Versioning;

/// The rules of mutations of buckets. As pure as [MutationEvaluator].
final class BucketMutations {
  private final RuleRows rows;
  private final Catalog catalog;

  /// @param rows the rows as all mutations before this one leave them
  BucketMutations(RuleRows rows) {
    this.rows = rows;
    this.catalog = rows.catalog();
  }

  Evaluation createBucket(Mutation.CreateBucket create) {
    if (BucketName.conflictIncarnation(create.bucket().value()).isPresent()) {
      throw RuleRows.about(
          create.bucket(),
          ErrorReason.ERROR_REASON_INVALID_BUCKET_NAME,
          "names of this form are kept for buckets whose own name belongs to another owner");
    }
    Optional<BucketRow> existing = catalog.bucket(create.bucket().value());
    if (existing.isPresent()) {
      boolean own = existing.get().value().getOwnerId().equals(create.userId());
      throw RuleRows.about(
          create.bucket(),
          own
              ? ErrorReason.ERROR_REASON_BUCKET_ALREADY_OWNED_BY_YOU
              : ErrorReason.ERROR_REASON_BUCKET_ALREADY_EXISTS,
          own ? "the bucket is yours already" : "the bucket's name is taken");
    }
    return new Write(
        Hlc.ZERO,
        List.of(),
        (dot, order) -> {
          BucketValue bucket =
              BucketValue.newBuilder()
                  .setName(create.bucket().value())
                  .setOwnerId(create.userId())
                  .setLocation(create.location())
                  .setCreatedMillis(order.hlc().millis())
                  .build();
          return new Effects(
              Registers.bucketScope(dot.toProto(), RegisterKind.REGISTER_KIND_BUCKET),
              List.of(Registers.bucketCreated(bucket)),
              List.of(),
              new Committed.BucketCreated(dot, bucket));
        });
  }

  Evaluation setSetting(Mutation.SetBucketSetting set) {
    int number = set.setting().getSettingCase().getNumber();
    if (number == 0
        || (set.setting().hasVersioning()
            && set.setting().getVersioning() != Versioning.VERSIONING_ENABLED
            && set.setting().getVersioning() != Versioning.VERSIONING_SUSPENDED)) {
      throw new NodeException(
          ErrorReason.ERROR_REASON_INVALID_ARGUMENT,
          "a setting that a bucket cannot have",
          Map.of("field", "setting"));
    }
    BucketRow bucket = rows.ownBucket(set.bucket(), set.userId());
    Catalog all = catalog.in(bucket);
    BucketSetting old = all.setting(bucket.incarnation(), number);
    if (set.setting().equals(old) || isUnset(set.setting(), old)) {
      return new Holds(new Committed.BucketSettingStored());
    }
    Dot incarnation = bucket.incarnation().toProto();
    return new Write(
        all.settingOrder(bucket.incarnation(), number).map(EntryOrder::hlc).orElse(Hlc.ZERO),
        List.of(),
        (dot, order) ->
            new Effects(
                Registers.bucketScope(incarnation, RegisterKind.REGISTER_KIND_BUCKET_SETTING),
                List.of(Registers.bucketSettingSet(incarnation, set.setting())),
                List.of(),
                new Committed.BucketSettingStored()));
  }

  /// Whether a setting says what holds where it was never set.
  private static boolean isUnset(BucketSetting setting, BucketSetting old) {
    return setting.hasGuardedOverwrites()
        && setting.getGuardedOverwrites() == old.getGuardedOverwrites();
  }

  Evaluation deleteBucket(Mutation.DeleteBucket delete) {
    BucketRow bucket = rows.ownBucket(delete.bucket(), delete.userId());
    if (!catalog.in(bucket).isEmpty(bucket.incarnation())) {
      throw RuleRows.about(
          delete.bucket(), ErrorReason.ERROR_REASON_BUCKET_NOT_EMPTY, "the bucket holds objects");
    }
    List<Dot> all = bucket.incarnations().stream().map(EntryDot::toProto).toList();
    return new Write(
        Hlc.ZERO,
        List.of(),
        (dot, order) ->
            new Effects(
                all.stream()
                    .map(each ->
                        Registers.bucketScope(each, RegisterKind.REGISTER_KIND_BUCKET_DELETED))
                    .toList(),
                all.stream().map(Registers::bucketDeleted).toList(),
                List.of(), // deletions of buckets are kept: see RuleRows.dropped
                new Committed.BucketDeleted()));
  }
}
