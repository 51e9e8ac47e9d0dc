package skarb.node.commit;

import com.google.protobuf.ByteString;
import skarb.node.index.Noticed;
import skarb.node.model.EntryDot;
import skarb.node.model.EntryOrder;
import skarb.node.model.ObjectKey;
import skarb.node.model.SiteId;
import skarb.v1.Absent;
import skarb.v1.AccessKey;
import skarb.v1.AccessKeyDeleted;
import skarb.v1.AccessKeySet;
import skarb.v1.AccessKeyValue;
import skarb.v1.BucketCreated;
import skarb.v1.BucketDeleted;
import skarb.v1.BucketSetting;
import skarb.v1.BucketSettingSet;
import skarb.v1.BucketValue;
import skarb.v1.ConflictKept;
import skarb.v1.ConflictResolution;
import skarb.v1.ConflictResolved;
import skarb.v1.Dot;
import skarb.v1.Effect;
import skarb.v1.LocalRecord;
import skarb.v1.MemberSet;
import skarb.v1.MemberValue;
import skarb.v1.NullSet;
import skarb.v1.NullValue;
import skarb.v1.RegisterId;
import skarb.v1.RegisterKind;
import skarb.v1.Scope;
import skarb.v1.TombstoneDropped;
import skarb.v1.UserSet;
import skarb.v1.UserValue;
import skarb.v1.VersionRemoved;
import skarb.v1.VersionSet;
import skarb.v1.VersionValue;

/// The effects on each kind of register that this site writes, with the scopes and the ids that go
/// with them.
final class Registers {
  static final NullValue NULL_ABSENT =
      NullValue.newBuilder().setAbsent(Absent.getDefaultInstance()).build();

  private Registers() {}

  static Scope siteScope(RegisterKind kind) {
    return Scope.newBuilder().addRegisters(kind).build();
  }

  static Scope bucketScope(Dot incarnation, RegisterKind kind) {
    return Scope.newBuilder().setBucket(incarnation).addRegisters(kind).build();
  }

  static Effect bucketCreated(BucketValue bucket) {
    return Effect.newBuilder()
        .setBucketCreated(BucketCreated.newBuilder().setBucket(bucket))
        .build();
  }

  static Effect bucketDeleted(Dot incarnation) {
    return Effect.newBuilder()
        .setBucketDeleted(BucketDeleted.newBuilder().setBucket(incarnation))
        .build();
  }

  static Effect bucketSettingSet(Dot incarnation, BucketSetting setting) {
    return Effect.newBuilder()
        .setBucketSettingSet(
            BucketSettingSet.newBuilder().setBucket(incarnation).setSetting(setting))
        .build();
  }

  static Scope nullScope(EntryDot bucket, ObjectKey key) {
    return keyScope(bucket, key, RegisterKind.REGISTER_KIND_NULL);
  }

  static Scope keyScope(EntryDot bucket, ObjectKey key, RegisterKind kind) {
    return Scope.newBuilder()
        .setBucket(bucket.toProto())
        .setKey(key.bytes())
        .addRegisters(kind)
        .build();
  }

  static Effect nullSet(EntryDot bucket, ObjectKey key, NullValue value) {
    return Effect.newBuilder()
        .setNullSet(
            NullSet.newBuilder().setBucket(bucket.toProto()).setKey(key.bytes()).setValue(value))
        .build();
  }

  static RegisterId nullId(EntryDot bucket, ObjectKey key) {
    return RegisterId.newBuilder()
        .setKind(RegisterKind.REGISTER_KIND_NULL)
        .setBucket(bucket.toProto())
        .setKey(key.bytes())
        .build();
  }

  static Scope conflictScope(EntryDot bucket, ByteString key, RegisterKind kind) {
    return Scope.newBuilder().setBucket(bucket.toProto()).setKey(key).addRegisters(kind).build();
  }

  static Effect conflictKept(Noticed.Lost lost) {
    return Effect.newBuilder()
        .setConflictKept(
            ConflictKept.newBuilder()
                .setBucket(lost.bucket().toProto())
                .setKey(lost.key())
                .setLoser(lost.loser().toProto())
                .setLoserDot(lost.loserDot().toProto())
                .setBody(lost.body())
                .setWinnerDot(lost.winnerDot().toProto()))
        .build();
  }

  static Effect conflictResolved(
      EntryDot bucket,
      ByteString key,
      EntryOrder loser,
      EntryDot loserDot,
      ConflictResolution resolution) {
    return Effect.newBuilder()
        .setConflictResolved(
            ConflictResolved.newBuilder()
                .setBucket(bucket.toProto())
                .setKey(key)
                .setLoser(loser.toProto())
                .setLoserDot(loserDot.toProto())
                .setResolution(resolution))
        .build();
  }

  static Effect memberSet(SiteId site, MemberValue member) {
    return Effect.newBuilder()
        .setMemberSet(MemberSet.newBuilder().setSite(site.value()).setMember(member))
        .build();
  }

  static Effect versionSet(EntryDot bucket, ObjectKey key, EntryOrder id, VersionValue value) {
    return Effect.newBuilder()
        .setVersionSet(
            VersionSet.newBuilder()
                .setBucket(bucket.toProto())
                .setKey(key.bytes())
                .setVersion(id.toProto())
                .setValue(value))
        .build();
  }

  static Effect versionRemoved(EntryDot bucket, ObjectKey key, EntryOrder id, EntryDot removed) {
    return Effect.newBuilder()
        .setVersionRemoved(
            VersionRemoved.newBuilder()
                .setBucket(bucket.toProto())
                .setKey(key.bytes())
                .setVersion(id.toProto())
                .setRemoved(removed.toProto()))
        .build();
  }

  static RegisterId tombstoneId(EntryDot bucket, ObjectKey key, EntryOrder id) {
    return RegisterId.newBuilder()
        .setKind(RegisterKind.REGISTER_KIND_TOMBSTONE)
        .setBucket(bucket.toProto())
        .setKey(key.bytes())
        .setVersion(id.toProto())
        .build();
  }

  static Effect userSet(String userId, UserValue user) {
    return Effect.newBuilder()
        .setUserSet(UserSet.newBuilder().setUserId(userId).setUser(user))
        .build();
  }

  static Effect accessKeySet(String accessKeyId, AccessKey key) {
    return Effect.newBuilder()
        .setAccessKeySet(
            AccessKeySet.newBuilder()
                .setAccessKeyId(accessKeyId)
                .setKey(AccessKeyValue.newBuilder().setKey(key)))
        .build();
  }

  static Effect accessKeyDeleted(String accessKeyId) {
    return Effect.newBuilder()
        .setAccessKeyDeleted(AccessKeyDeleted.newBuilder().setAccessKeyId(accessKeyId))
        .build();
  }

  /// Says that the tombstone that an entry of this batch wrote is dropped again.
  static LocalRecord dropped(RegisterId register, EntryOrder order) {
    return LocalRecord.newBuilder()
        .setTombstoneDropped(
            TombstoneDropped.newBuilder()
                .setRegister(register)
                .setHlc(order.hlc().value())
                .setOrigin(order.origin().value()))
        .build();
  }
}
