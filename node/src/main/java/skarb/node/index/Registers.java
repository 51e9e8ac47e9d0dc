package skarb.node.index;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import skarb.node.index.EntryRejectedException.Reason;
import skarb.node.index.Join.BucketWrite;
import skarb.node.index.Join.ConflictWrite;
import skarb.node.index.Join.MemberWrite;
import skarb.node.index.Join.NullWrite;
import skarb.node.index.Join.PlainWrite;
import skarb.node.index.Join.RegisterWrite;
import skarb.node.model.ChunkId;
import skarb.node.model.EntryDot;
import skarb.node.model.EntryOrder;
import skarb.node.model.SiteId;
import skarb.v1.Absent;
import skarb.v1.AccessKeyDeleted;
import skarb.v1.AccessKeySet;
import skarb.v1.AccessKeyValue;
import skarb.v1.Body;
import skarb.v1.BucketCreated;
import skarb.v1.BucketDeleted;
import skarb.v1.BucketSetting;
import skarb.v1.BucketSettingSet;
import skarb.v1.ChunkReference;
import skarb.v1.ConflictKept;
import skarb.v1.ConflictResolved;
import skarb.v1.Dot;
import skarb.v1.Effect;
import skarb.v1.Manifest;
import skarb.v1.ManifestNodeReference;
import skarb.v1.MemberSet;
import skarb.v1.NullSet;
import skarb.v1.NullValue;
import skarb.v1.OriginBorn;
import skarb.v1.Row;
import skarb.v1.UserSet;
import skarb.v1.VersionRemoved;
import skarb.v1.VersionSet;
import skarb.v1.VersionStamp;
import skarb.v1.VersionValue;
import skarb.v1.Versioning;

/// From an entry's effects to the registers that they set: which row, and what it comes to hold.
final class Registers {
  private final EntryDot dot;

  private Registers(EntryDot dot) {
    this.dot = dot;
  }

  /// All that an entry sets, in the order of its effects.
  ///
  /// @throws EntryRejectedException UNKNOWN or MALFORMED
  static List<RegisterWrite> of(LoggedEntry logged) {
    EntryDot dot = logged.dot();
    if (!logged.entry().getUnknownFields().asMap().isEmpty()) {
      throw new EntryRejectedException(Reason.UNKNOWN, dot, "a part of it is not known");
    }
    Registers registers = new Registers(dot);
    List<RegisterWrite> writes = new ArrayList<>(logged.entry().getEffectsCount());
    boolean makesBucket = false;
    for (Effect effect : logged.entry().getEffectsList()) {
      String unknown = UnknownFields.find(effect);
      if (unknown != null) {
        throw new EntryRejectedException(Reason.UNKNOWN, dot, unknown);
      }
      if (effect.hasBucketCreated()) {
        registers.check(!makesBucket, "it makes two buckets");
        makesBucket = true;
      }
      writes.add(registers.write(effect));
    }
    return writes;
  }

  private RegisterWrite write(Effect effect) {
    return switch (effect.getEffectCase()) {
      case ORIGIN_BORN -> born(effect.getOriginBorn());
      case BUCKET_CREATED -> bucketCreated(effect.getBucketCreated());
      case BUCKET_DELETED -> bucketDeleted(effect.getBucketDeleted());
      case NULL_SET -> nullSet(effect.getNullSet());
      case VERSION_SET -> versionSet(effect.getVersionSet());
      case VERSION_REMOVED -> versionRemoved(effect.getVersionRemoved());
      case USER_SET -> userSet(effect.getUserSet());
      case ACCESS_KEY_SET -> accessKeySet(effect.getAccessKeySet());
      case ACCESS_KEY_DELETED -> accessKeyDeleted(effect.getAccessKeyDeleted());
      case CONFLICT_KEPT -> conflictKept(effect.getConflictKept());
      case CONFLICT_RESOLVED -> conflictResolved(effect.getConflictResolved());
      case MEMBER_SET -> memberSet(effect.getMemberSet());
      case BUCKET_SETTING_SET -> bucketSettingSet(effect.getBucketSettingSet());
      case EFFECT_NOT_SET ->
          throw new EntryRejectedException(Reason.UNKNOWN, dot, "an effect of a kind not known");
    };
  }

  private RegisterWrite born(OriginBorn born) {
    return new PlainWrite(IndexKeys.born(dot.origin()), Row.newBuilder().setBorn(born));
  }

  private RegisterWrite bucketCreated(BucketCreated created) {
    check(!created.getBucket().getName().isEmpty(), "a bucket without a name");
    return new BucketWrite(
        dot, IndexKeys.bucket(dot), Row.newBuilder().setBucket(created.getBucket()));
  }

  private RegisterWrite bucketDeleted(BucketDeleted deleted) {
    EntryDot bucket = bucket(deleted.getBucket());
    return new BucketWrite(
        bucket,
        IndexKeys.bucketDeleted(bucket),
        Row.newBuilder().setBucketDeleted(Absent.getDefaultInstance()));
  }

  private RegisterWrite bucketSettingSet(BucketSettingSet set) {
    BucketSetting setting = set.getSetting();
    boolean known =
        switch (setting.getSettingCase()) {
          case VERSIONING -> setting.getVersioning() != Versioning.VERSIONING_UNSPECIFIED;
          case GUARDED_OVERWRITES -> true;
          case SETTING_NOT_SET -> false;
        };
    check(known, "a setting that says nothing");
    return new PlainWrite(
        IndexKeys.bucketSetting(bucket(set.getBucket()), setting.getSettingCase().getNumber()),
        Row.newBuilder().setBucketSetting(setting));
  }

  private RegisterWrite nullSet(NullSet set) {
    check(
        set.getValue().getValueCase() != NullValue.ValueCase.VALUE_NOT_SET,
        "a null version that holds nothing known");
    body(set.getValue().getBody());
    return new NullWrite(
        bucket(set.getBucket()), key(set.getKey()), Row.newBuilder().setNull(set.getValue()));
  }

  private RegisterWrite versionSet(VersionSet set) {
    check(
        set.getValue().getValueCase() != VersionValue.ValueCase.VALUE_NOT_SET,
        "a version that holds nothing known");
    body(set.getValue().getBody());
    return new PlainWrite(
        IndexKeys.version(bucket(set.getBucket()), key(set.getKey()), version(set.getVersion())),
        Row.newBuilder().setVersion(set.getValue()));
  }

  private RegisterWrite versionRemoved(VersionRemoved removed) {
    check(removed.getRemoved().getSequence() > 0, "a removal that names no entry");
    return new PlainWrite(
        IndexKeys.tombstone(
            bucket(removed.getBucket()), key(removed.getKey()), version(removed.getVersion())),
        Row.newBuilder().setTombstone(removed.getRemoved()));
  }

  private RegisterWrite userSet(UserSet set) {
    check(!set.getUserId().isEmpty(), "a user without an id");
    return new PlainWrite(IndexKeys.user(set.getUserId()), Row.newBuilder().setUser(set.getUser()));
  }

  private RegisterWrite accessKeySet(AccessKeySet set) {
    check(
        set.getKey().getValueCase() != AccessKeyValue.ValueCase.VALUE_NOT_SET,
        "an access key that holds nothing known");
    return accessKey(set.getAccessKeyId(), set.getKey());
  }

  private RegisterWrite accessKeyDeleted(AccessKeyDeleted deleted) {
    return accessKey(
        deleted.getAccessKeyId(),
        AccessKeyValue.newBuilder().setAbsent(Absent.getDefaultInstance()).build());
  }

  private RegisterWrite accessKey(String id, AccessKeyValue value) {
    check(!id.isEmpty(), "an access key without an id");
    return new PlainWrite(IndexKeys.accessKey(id), Row.newBuilder().setAccessKey(value));
  }

  private RegisterWrite conflictKept(ConflictKept kept) {
    check(kept.getLoserDot().getSequence() > 0, "a conflict that names no entry");
    body(kept.getBody());
    EntryDot bucket = bucket(kept.getBucket());
    ByteString key = key(kept.getKey());
    return new ConflictWrite(
        bucket,
        key,
        version(kept.getLoser()),
        IndexKeys.conflict(bucket, key, version(kept.getLoser())),
        Row.newBuilder().setConflict(kept));
  }

  private RegisterWrite conflictResolved(ConflictResolved resolved) {
    check(resolved.getLoserDot().getSequence() > 0, "a settled conflict that names no entry");
    EntryDot bucket = bucket(resolved.getBucket());
    ByteString key = key(resolved.getKey());
    return new ConflictWrite(
        bucket,
        key,
        version(resolved.getLoser()),
        IndexKeys.conflictResolved(bucket, key, version(resolved.getLoser())),
        Row.newBuilder().setConflictResolved(resolved));
  }

  private RegisterWrite memberSet(MemberSet set) {
    check(set.getSite() != 0, "a member without an id");
    return new MemberWrite(
        IndexKeys.member(new SiteId(set.getSite())), Row.newBuilder().setMember(set.getMember()));
  }

  /// What readers and whoever fetches take for granted.
  private void body(Body body) {
    manifest(body.getManifest());
    manifest(body.getPartListContent());
  }

  private void manifest(Manifest manifest) {
    for (ChunkReference chunk : manifest.getChunksList()) {
      check(chunk.getChunk().size() == ChunkId.BYTES, "a chunk without its name");
      check(chunk.getOffset() >= 0 && chunk.getLength() > 0, "a chunk of which nothing is used");
    }
    for (ManifestNodeReference node : manifest.getNodesList()) {
      check(node.getChunk().size() == ChunkId.BYTES, "a node of a manifest without its name");
    }
  }

  private EntryDot bucket(Dot bucket) {
    check(bucket.getSequence() > 0, "an effect without its bucket");
    return EntryDot.of(bucket);
  }

  private ByteString key(ByteString key) {
    check(!key.isEmpty(), "an effect without its key");
    return key;
  }

  private EntryOrder version(VersionStamp version) {
    check(version.getHlc() != 0, "an effect without its version");
    return EntryOrder.of(version);
  }

  private void check(boolean holds, String what) {
    if (!holds) {
      throw new EntryRejectedException(Reason.MALFORMED, dot, what);
    }
  }
}
