package skarb.node.commit;

import com.google.protobuf.ByteString;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import skarb.node.commit.Evaluation.Effects;
import skarb.node.commit.Evaluation.LocalEffects;
import skarb.node.commit.Evaluation.Write;
import skarb.node.index.BucketRow;
import skarb.node.index.Catalog;
import skarb.node.index.ObjectVersion;
import skarb.node.model.BucketName;
import skarb.node.model.EntryDot;
import skarb.node.model.EntryOrder;
import skarb.node.model.Hlc;
import skarb.node.model.NodeException;
import skarb.node.model.ObjectKey;
import skarb.node.model.VersionId;
import skarb.v1.Body;
import skarb.v1.DeleteMarker;
import skarb.v1.Dot;
import skarb.v1.Effect;
import skarb.v1.ErrorReason;
import skarb.v1.NullValue;
import skarb.v1.RegisterKind;
import skarb.v1.Scope;
import skarb.v1.VersionValue;
import skarb.v1.Versioning;
import skarb.v1.WriteConditions;

/// The one place where a body or a delete marker becomes what is current under a key: whether it
/// goes to the null version or to one of its own, and what must hold for it. As pure as
/// [MutationEvaluator].
///
/// | the bucket | what is written | its id, as callers are told |
/// | --- | --- | --- |
/// | was never versioned | the null version | none |
/// | keeps versions | a version of its own, named by the entry's own stamp | that |
/// | is suspended | the null version, in place of the one before | `null` |
///
/// The stamp is above all that it supersedes, so that what is written is current at once: above the
/// current version's id and entry, and above whatever set the null version last.
final class ObjectWrites {
  private final Catalog catalog;

  /// @param rows the rows as all mutations before this one leave them
  ObjectWrites(RuleRows rows) {
    this.catalog = rows.catalog();
  }

  /// What was written, once it has its name and stamp.
  ///
  /// @param dot the entry
  /// @param order its place among all
  /// @param versionId empty in a bucket that was never versioned
  /// @param modifiedMillis the time that the body carries
  record Stored(
      EntryDot dot, EntryOrder order, Optional<VersionId> versionId, long modifiedMillis) {}

  /// What goes with a write: local records in its batch, and the answer.
  interface Along {
    /// Pure.
    LocalEffects with(Stored stored);

    /// No records, this answer.
    static Along answering(java.util.function.Function<Stored, Committed.Answer> answer) {
      return stored -> new LocalEffects(List.of(), answer.apply(stored));
    }
  }

  /// Writes a body over what is current.
  ///
  /// @param bucket reached by whoever writes
  /// @param body from [#checked]; with `modified_millis` 0 it gets the time of its commit
  /// @throws NodeException NO_SUCH_KEY, PRECONDITION_FAILED or CONDITION_REQUIRED
  Write write(BucketRow bucket, ObjectKey key, Body body, WriteConditions conditions, Along along) {
    Optional<ObjectVersion> current = catalog.in(bucket).current(bucket.incarnation(), key.bytes());
    BucketName name = new BucketName(bucket.value().getName());
    Conditions.check(conditions, current, name, key);
    Conditions.checkGuard(catalog, bucket, key, current, conditions);
    return write(
        bucket,
        key,
        current,
        order -> VersionValue.newBuilder().setBody(dated(body, order)).build(),
        along);
  }

  /// Writes a delete marker over what is current.
  ///
  /// @param bucket one that keeps versions or is suspended
  /// @param current what is current
  Write mark(
      BucketRow bucket,
      ObjectKey key,
      Optional<ObjectVersion> current,
      String userId,
      Along along) {
    return write(
        bucket,
        key,
        current,
        order ->
            VersionValue.newBuilder()
                .setMarker(
                    DeleteMarker.newBuilder()
                        .setModifiedMillis(order.hlc().millis())
                        .setOwnerId(userId))
                .build(),
        along);
  }

  /// A body with its time, once the stamp is known.
  private interface Value {
    VersionValue at(EntryOrder order);
  }

  private Write write(
      BucketRow bucket, ObjectKey key, Optional<ObjectVersion> current, Value value, Along along) {
    EntryDot incarnation = bucket.incarnation();
    Versioning versioning = catalog.in(bucket).versioning(incarnation);
    if (versioning == Versioning.VERSIONING_ENABLED) {
      return new Write(
          above(current),
          List.of(),
          (dot, order) -> {
            VersionValue made = value.at(order);
            return effects(
                List.of(Registers.keyScope(incarnation, key, RegisterKind.REGISTER_KIND_VERSION)),
                List.of(Registers.versionSet(incarnation, key, order, made)),
                new Stored(
                    dot, order, Optional.of(new VersionId.Stamped(order)), modifiedMillis(made)),
                along);
          });
    }
    Optional<VersionId> id =
        versioning == Versioning.VERSIONING_SUSPENDED
            ? Optional.of(VersionId.NULL)
            : Optional.empty();
    List<NullHolder> holders = holders(catalog, bucket, key.bytes());
    Hlc nullStamp = nullStamp(catalog, bucket, key.bytes());
    return new Write(
        max(above(current), nullStamp),
        replaced(holders),
        (dot, order) -> {
          VersionValue made = value.at(order);
          List<Scope> scopes = new ArrayList<>();
          List<Effect> effects = new ArrayList<>();
          scopes.add(Registers.nullScope(incarnation, key));
          effects.add(Registers.nullSet(incarnation, key, nullValue(made)));
          for (NullHolder other : holders) {
            if (!other.incarnation().equals(incarnation)) {
              scopes.add(Registers.nullScope(other.incarnation(), key));
              effects.add(Registers.nullSet(other.incarnation(), key, Registers.NULL_ABSENT));
            }
          }
          return effects(scopes, effects, new Stored(dot, order, id, modifiedMillis(made)), along);
        });
  }

  private static Effects effects(
      List<Scope> scopes, List<Effect> effects, Stored stored, Along along) {
    LocalEffects also = along.with(stored);
    return new Effects(scopes, effects, also.records(), also.answer());
  }

  /// An incarnation of a bucket that holds a null version of some key.
  record NullHolder(EntryDot incarnation, ObjectVersion version) {}

  /// The incarnations of a bucket that hold a null version of a key: whoever writes or deletes it
  /// does so in all of them.
  static List<NullHolder> holders(Catalog catalog, BucketRow bucket, ByteString key) {
    List<NullHolder> holders = new ArrayList<>();
    for (EntryDot incarnation : bucket.incarnations()) {
      catalog
          .nullVersion(incarnation, key)
          .ifPresent(version -> holders.add(new NullHolder(incarnation, version)));
    }
    return holders;
  }

  /// The dots of the rows that a write of a key's null version displaces.
  static List<Dot> replaced(List<NullHolder> holders) {
    return holders.stream().map(each -> each.version().dot().toProto()).toList();
  }

  /// The highest stamp of what set the null version last, an absence included.
  static Hlc nullStamp(Catalog catalog, BucketRow bucket, ByteString key) {
    Hlc highest = Hlc.ZERO;
    for (EntryDot incarnation : bucket.incarnations()) {
      Hlc stamp = catalog.nullVersionOrder(incarnation, key).map(EntryOrder::hlc).orElse(Hlc.ZERO);
      highest = max(highest, stamp);
    }
    return highest;
  }

  static Hlc max(Hlc one, Hlc other) {
    return one.compareTo(other) >= 0 ? one : other;
  }

  private static Hlc above(Optional<ObjectVersion> current) {
    return current.map(version -> max(version.id().hlc(), version.order().hlc())).orElse(Hlc.ZERO);
  }

  private static NullValue nullValue(VersionValue value) {
    return value.hasMarker()
        ? NullValue.newBuilder().setMarker(value.getMarker()).build()
        : NullValue.newBuilder().setBody(value.getBody()).build();
  }

  private static long modifiedMillis(VersionValue value) {
    return value.hasMarker()
        ? value.getMarker().getModifiedMillis()
        : value.getBody().getModifiedMillis();
  }

  private static Body dated(Body body, EntryOrder order) {
    return body.getModifiedMillis() != 0
        ? body
        : body.toBuilder().setModifiedMillis(order.hlc().millis()).build();
  }

  /// What is said of an object as a record may hold it: within the limit, and without fields that
  /// this release does not know, which a caller's attributes may have brought.
  ///
  /// @throws NodeException METADATA_TOO_LARGE
  static <M extends Message> M checked(Parser<M> parser, M message) {
    M known;
    try {
      known = DiscardUnknownFieldsParser.wrap(parser).parseFrom(message.toByteString());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a message does not parse as what it is", e);
    }
    if (known.getSerializedSize() > Mutation.PutObject.MAX_BODY_BYTES) {
      throw new NodeException(
          ErrorReason.ERROR_REASON_METADATA_TOO_LARGE,
          "what is said about the object is too large",
          Map.of(
              "size", Integer.toString(known.getSerializedSize()),
              "max_size", Integer.toString(Mutation.PutObject.MAX_BODY_BYTES)));
    }
    return known;
  }
}
