package skarb.node.commit;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;
import skarb.node.commit.Evaluation.Effects;
import skarb.node.commit.Evaluation.Holds;
import skarb.node.commit.Evaluation.Write;
import skarb.node.index.BucketRow;
import skarb.node.index.Catalog;
import skarb.node.index.ObjectVersion;
import skarb.node.model.EntryOrder;
import skarb.node.model.Hlc;
import skarb.node.model.ObjectKey;
import skarb.v1.Body;
import skarb.v1.Dot;
import skarb.v1.NullValue;

/// The rules of mutations of objects. As pure as [MutationEvaluator].
final class ObjectMutations {
  private final RuleRows rows;
  private final Catalog catalog;

  /// @param rows the rows as all mutations before this one leave them
  ObjectMutations(RuleRows rows) {
    this.rows = rows;
    this.catalog = rows.catalog();
  }

  Evaluation putObject(Mutation.PutObject put) {
    BucketRow bucket = rows.ownBucket(put.bucket(), put.userId());
    ByteString key = put.key().bytes();
    Conditions.check(
        put.conditions(), catalog.current(bucket.incarnation(), key), put.bucket(), put.key());
    Optional<ObjectVersion> replaced = catalog.nullVersion(bucket.incarnation(), key);
    return new Write(
        nullStamp(bucket, put.key()),
        dots(replaced),
        (dot, order) -> {
          Body body = dated(put.body(), order);
          return new Effects(
              Registers.nullScope(bucket.incarnation(), put.key()),
              List.of(
                  Registers.nullSet(
                      bucket.incarnation(),
                      put.key(),
                      NullValue.newBuilder().setBody(body).build())),
              List.of(),
              new Committed.ObjectPut(Optional.empty(), body.getModifiedMillis()));
        });
  }

  Evaluation deleteObject(Mutation.DeleteObject delete) {
    BucketRow bucket = rows.ownBucket(delete.bucket(), delete.userId());
    boolean other = delete.versionId().isPresent() && !delete.versionId().get().equals("null");
    Optional<ObjectVersion> target =
        other ? Optional.empty() : catalog.nullVersion(bucket.incarnation(), delete.key().bytes());
    if (target.isEmpty()) {
      return new Holds(new Committed.ObjectDeleted(false, delete.versionId(), false));
    }
    Conditions.check(delete.conditions(), target, delete.bucket(), delete.key());
    return new Write(
        nullStamp(bucket, delete.key()),
        dots(target),
        (dot, order) ->
            new Effects(
                Registers.nullScope(bucket.incarnation(), delete.key()),
                List.of(
                    Registers.nullSet(bucket.incarnation(), delete.key(), Registers.NULL_ABSENT)),
                rows.dropped(Registers.nullId(bucket.incarnation(), delete.key()), order),
                new Committed.ObjectDeleted(
                    true, delete.versionId(), target.get().isDeleteMarker())));
  }

  /// The stamp of what set the null version last, an absence included.
  private Hlc nullStamp(BucketRow bucket, ObjectKey key) {
    return catalog
        .nullVersionOrder(bucket.incarnation(), key.bytes())
        .map(EntryOrder::hlc)
        .orElse(Hlc.ZERO);
  }

  private static List<Dot> dots(Optional<ObjectVersion> version) {
    return version.map(each -> List.of(each.dot().toProto())).orElse(List.of());
  }

  private static Body dated(Body body, EntryOrder order) {
    return body.getModifiedMillis() != 0
        ? body
        : body.toBuilder().setModifiedMillis(order.hlc().millis()).build();
  }
}
