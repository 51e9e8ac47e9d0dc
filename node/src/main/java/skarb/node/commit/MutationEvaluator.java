package skarb.node.commit;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import skarb.node.commit.Evaluation.Effects;
import skarb.node.commit.Evaluation.Holds;
import skarb.node.commit.Evaluation.Rejected;
import skarb.node.commit.Evaluation.Write;
import skarb.node.index.AccessKeyRow;
import skarb.node.index.BucketRow;
import skarb.node.index.Catalog;
import skarb.node.index.IndexView;
import skarb.node.index.ObjectVersion;
import skarb.node.model.BucketName;
import skarb.node.model.EntryOrder;
import skarb.node.model.Hlc;
import skarb.node.model.NodeException;
import skarb.node.model.ObjectKey;
import skarb.v1.AccessKey;
import skarb.v1.Body;
import skarb.v1.BucketValue;
import skarb.v1.Dot;
import skarb.v1.Effect;
import skarb.v1.ErrorReason;
import skarb.v1.LocalRecord;
import skarb.v1.NullValue;
import skarb.v1.RegisterId;
import skarb.v1.RegisterKind;
import skarb.v1.Scope;
import skarb.v1.UserValue;

/// Holds a mutation against the rows: what is to be written, or why not. A pure function of its
/// arguments: it reads no clock, draws no random number and changes nothing.
///
/// A register that says that something is gone is a tombstone, which other sites must see. In a
/// realm that never had a second site nobody has to: there each deletion is followed, in its own
/// batch, by the local record that drops the tombstone, so that deleted objects leave no rows.
final class MutationEvaluator {
  private final Catalog catalog;

  private MutationEvaluator(Catalog catalog) {
    this.catalog = catalog;
  }

  /// @param fence the key that must still be what it was
  /// @param rows the rows as all mutations before this one leave them
  static Evaluation evaluate(Mutation mutation, Optional<KeyFence> fence, IndexView rows) {
    MutationEvaluator evaluator = new MutationEvaluator(new Catalog(rows));
    try {
      fence.ifPresent(evaluator::checkKey);
      return evaluator.evaluate(mutation);
    } catch (NodeException reason) {
      return new Rejected(reason);
    }
  }

  private Evaluation evaluate(Mutation mutation) {
    return switch (mutation) {
      case Mutation.CreateBucket create -> createBucket(create);
      case Mutation.DeleteBucket delete -> deleteBucket(delete);
      case Mutation.PutObject put -> putObject(put);
      case Mutation.DeleteObject delete -> deleteObject(delete);
      case Mutation.PutUser put -> putUser(put);
      case Mutation.CreateKey create -> createKey(create);
      case Mutation.SetKeyEnabled set -> setKeyEnabled(set);
      case Mutation.DeleteKey delete -> deleteKey(delete);
    };
  }

  private void checkKey(KeyFence fence) {
    Optional<AccessKeyRow> key = catalog.accessKey(fence.accessKeyId());
    if (key.isEmpty()
        || !key.get().key().getEnabled()
        || key.get().generation() != fence.generation()) {
      throw new NodeException(
          ErrorReason.ERROR_REASON_KEY_CHANGED, "the access key was changed, disabled or deleted");
    }
  }

  // Buckets

  private Evaluation createBucket(Mutation.CreateBucket create) {
    Optional<BucketRow> existing = catalog.bucket(create.bucket().value());
    if (existing.isPresent()) {
      boolean own = existing.get().value().getOwnerId().equals(create.userId());
      throw about(
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

  private Evaluation deleteBucket(Mutation.DeleteBucket delete) {
    BucketRow bucket = ownBucket(delete.bucket(), delete.userId());
    if (!catalog.isEmpty(bucket.incarnation())) {
      throw about(
          delete.bucket(), ErrorReason.ERROR_REASON_BUCKET_NOT_EMPTY, "the bucket holds objects");
    }
    Dot incarnation = bucket.incarnation().toProto();
    return new Write(
        Hlc.ZERO,
        List.of(),
        (dot, order) ->
            new Effects(
                Registers.bucketScope(incarnation, RegisterKind.REGISTER_KIND_BUCKET_DELETED),
                List.of(Registers.bucketDeleted(incarnation)),
                dropped(Registers.bucketDeletedId(incarnation), order),
                new Committed.BucketDeleted()));
  }

  private BucketRow ownBucket(BucketName name, String userId) {
    BucketRow bucket =
        catalog
            .bucket(name.value())
            .orElseThrow(
                () -> about(name, ErrorReason.ERROR_REASON_NO_SUCH_BUCKET, "no such bucket"));
    if (!bucket.value().getOwnerId().equals(userId)) {
      throw about(
          name, ErrorReason.ERROR_REASON_ACCESS_DENIED, "the bucket is reached by its owner alone");
    }
    return bucket;
  }

  private static NodeException about(BucketName bucket, ErrorReason reason, String message) {
    return new NodeException(reason, message, Map.of("bucket", bucket.value()));
  }

  // Objects

  private Evaluation putObject(Mutation.PutObject put) {
    BucketRow bucket = ownBucket(put.bucket(), put.userId());
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

  private Evaluation deleteObject(Mutation.DeleteObject delete) {
    BucketRow bucket = ownBucket(delete.bucket(), delete.userId());
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
                dropped(Registers.nullId(bucket.incarnation(), delete.key()), order),
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

  // Users and keys

  private Evaluation putUser(Mutation.PutUser put) {
    Optional<UserValue> known = catalog.user(put.userId());
    if (known.isPresent()) {
      UserValue existing = known.get();
      if (!existing.getDisplayName().equals(put.user().getDisplayName())
          || !existing.getEmail().equals(put.user().getEmail())) {
        throw new NodeException(
            ErrorReason.ERROR_REASON_USER_ALREADY_EXISTS,
            "the user exists with another name or e-mail address",
            Map.of("user_id", put.userId()));
      }
      return new Holds(new Committed.UserStored(put.userId(), existing));
    }
    return new Write(
        Hlc.ZERO,
        List.of(),
        (dot, order) -> {
          UserValue user = dated(put.user(), order);
          return new Effects(
              Registers.siteScope(RegisterKind.REGISTER_KIND_USER),
              List.of(Registers.userSet(put.userId(), user)),
              List.of(),
              new Committed.UserStored(put.userId(), user));
        });
  }

  private Evaluation createKey(Mutation.CreateKey create) {
    String id = create.accessKeyId();
    Optional<AccessKeyRow> existing = catalog.accessKey(id);
    if (existing.isPresent()) {
      if (!create.isSame().test(existing.get().key())) {
        throw new NodeException(
            ErrorReason.ERROR_REASON_ACCESS_KEY_ALREADY_EXISTS,
            "the access key exists, with another secret or user",
            Map.of("access_key_id", id));
      }
      return new Holds(stored(existing.get()));
    }
    String userId = create.key().getUserId();
    Optional<UserValue> known = catalog.user(userId);
    if (known.isEmpty() && create.newUser().isEmpty()) {
      throw new NodeException(
          ErrorReason.ERROR_REASON_NO_SUCH_USER, "no such user", Map.of("user_id", userId));
    }
    return new Write(
        Hlc.ZERO,
        List.of(),
        (dot, order) -> {
          UserValue user = known.orElseGet(() -> dated(create.newUser().orElseThrow(), order));
          Scope.Builder scope = Scope.newBuilder();
          List<Effect> effects = new ArrayList<>();
          if (known.isEmpty()) {
            scope.addRegisters(RegisterKind.REGISTER_KIND_USER);
            effects.add(Registers.userSet(userId, user));
          }
          scope.addRegisters(RegisterKind.REGISTER_KIND_ACCESS_KEY);
          AccessKey key = dated(create.key(), order);
          effects.add(Registers.accessKeySet(id, key));
          return new Effects(
              scope.build(),
              effects,
              List.of(),
              new Committed.KeyStored(id, order.hlc().value(), key, user));
        });
  }

  private Evaluation setKeyEnabled(Mutation.SetKeyEnabled set) {
    AccessKeyRow existing = existingKey(set.accessKeyId());
    if (existing.key().getEnabled() == set.enabled()) {
      return new Holds(stored(existing));
    }
    AccessKey changed = existing.key().toBuilder().setEnabled(set.enabled()).build();
    return new Write(
        new Hlc(existing.generation()),
        List.of(),
        (dot, order) ->
            new Effects(
                Registers.siteScope(RegisterKind.REGISTER_KIND_ACCESS_KEY),
                List.of(Registers.accessKeySet(set.accessKeyId(), changed)),
                List.of(),
                stored(new AccessKeyRow(set.accessKeyId(), order.hlc().value(), changed))));
  }

  private Evaluation deleteKey(Mutation.DeleteKey delete) {
    AccessKeyRow existing = existingKey(delete.accessKeyId());
    return new Write(
        new Hlc(existing.generation()),
        List.of(),
        (dot, order) ->
            new Effects(
                Registers.siteScope(RegisterKind.REGISTER_KIND_ACCESS_KEY),
                List.of(Registers.accessKeyDeleted(delete.accessKeyId())),
                dropped(Registers.accessKeyId(delete.accessKeyId()), order),
                new Committed.KeyDeleted()));
  }

  private AccessKeyRow existingKey(String accessKeyId) {
    return catalog
        .accessKey(accessKeyId)
        .orElseThrow(() ->
            new NodeException(
                ErrorReason.ERROR_REASON_NO_SUCH_ACCESS_KEY,
                "no such access key",
                Map.of("access_key_id", accessKeyId)));
  }

  private Committed.KeyStored stored(AccessKeyRow row) {
    UserValue user = catalog.user(row.key().getUserId()).orElse(UserValue.getDefaultInstance());
    return new Committed.KeyStored(row.accessKeyId(), row.generation(), row.key(), user);
  }

  private static UserValue dated(UserValue user, EntryOrder order) {
    return user.getCreatedMillis() != 0
        ? user
        : user.toBuilder().setCreatedMillis(order.hlc().millis()).build();
  }

  private static AccessKey dated(AccessKey key, EntryOrder order) {
    return key.getCreatedMillis() != 0
        ? key
        : key.toBuilder().setCreatedMillis(order.hlc().millis()).build();
  }

  // Both

  private List<LocalRecord> dropped(RegisterId register, EntryOrder order) {
    return catalog.everHadSecondSite() ? List.of() : List.of(Registers.dropped(register, order));
  }
}
