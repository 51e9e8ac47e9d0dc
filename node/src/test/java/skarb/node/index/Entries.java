package skarb.node.index;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import skarb.node.model.EntryDot;
import skarb.node.model.EntryOrder;
import skarb.node.model.Hlc;
import skarb.node.model.OriginId;
import skarb.v1.Absent;
import skarb.v1.AccessKey;
import skarb.v1.AccessKeyDeleted;
import skarb.v1.AccessKeySet;
import skarb.v1.AccessKeyValue;
import skarb.v1.Body;
import skarb.v1.BucketCreated;
import skarb.v1.BucketDeleted;
import skarb.v1.BucketSetting;
import skarb.v1.BucketSettingSet;
import skarb.v1.BucketValue;
import skarb.v1.ConflictKept;
import skarb.v1.DeleteMarker;
import skarb.v1.Dot;
import skarb.v1.Effect;
import skarb.v1.Entry;
import skarb.v1.EntryHeader;
import skarb.v1.Manifest;
import skarb.v1.MemberSet;
import skarb.v1.MemberValue;
import skarb.v1.NullSet;
import skarb.v1.NullValue;
import skarb.v1.SeenChange;
import skarb.v1.UserSet;
import skarb.v1.UserValue;
import skarb.v1.VersionRemoved;
import skarb.v1.VersionSet;
import skarb.v1.VersionValue;
import skarb.v1.Versioning;

/// Makes entries as one origin would: numbered, chained, with what it had seen.
final class Entries {
  private final OriginId origin;
  private final Map<OriginId, Long> announced = new TreeMap<>();
  private long sequence;
  private long hlc;
  private ByteString hash = ByteString.EMPTY;

  Entries(long origin) {
    this.origin = new OriginId(origin);
  }

  OriginId origin() {
    return origin;
  }

  EntryDot lastDot() {
    return new EntryDot(origin, sequence);
  }

  EntryOrder lastOrder() {
    return new EntryOrder(new Hlc(hlc), origin);
  }

  long hlc() {
    return hlc;
  }

  /// The next stamp will be at least this.
  Entries atLeast(long stamp) {
    hlc = Math.max(hlc, stamp - 1);
    return this;
  }

  LoggedEntry next(Effect... effects) {
    return next(Map.of(), effects);
  }

  /// The next entry, written by somebody who had seen what `seen` says.
  LoggedEntry next(Map<OriginId, Long> seen, Effect... effects) {
    hlc++;
    sequence++;
    SeenChange.Builder change = SeenChange.newBuilder();
    new TreeMap<>(seen)
        .forEach((other, upTo) -> {
          if (!other.equals(origin) && announced.getOrDefault(other, 0L) < upTo) {
            announced.put(other, upTo);
            change.addAdvanced(Dot.newBuilder().setOrigin(other.value()).setSequence(upTo));
          }
        });
    Entry entry =
        Entry.newBuilder()
            .setHeader(
                EntryHeader.newBuilder()
                    .setDot(lastDot().toProto())
                    .setHlc(hlc)
                    .setPreviousHash(hash)
                    .setSeen(change))
            .addAllEffects(List.of(effects))
            .build();
    LoggedEntry logged = new LoggedEntry(entry, entry.toByteString());
    hash = Join.hash(logged.bytes());
    return logged;
  }

  static Effect bucketCreated(String name, String owner) {
    return Effect.newBuilder()
        .setBucketCreated(
            BucketCreated.newBuilder()
                .setBucket(BucketValue.newBuilder().setName(name).setOwnerId(owner)))
        .build();
  }

  static Effect bucketDeleted(EntryDot bucket) {
    return Effect.newBuilder()
        .setBucketDeleted(BucketDeleted.newBuilder().setBucket(bucket.toProto()))
        .build();
  }

  static Effect nullBody(EntryDot bucket, String key, long size) {
    return nullSet(bucket, key, NullValue.newBuilder().setBody(body(size)).build());
  }

  static Effect nullMarker(EntryDot bucket, String key) {
    return nullSet(
        bucket, key, NullValue.newBuilder().setMarker(DeleteMarker.getDefaultInstance()).build());
  }

  static Effect nullAbsent(EntryDot bucket, String key) {
    return nullSet(
        bucket, key, NullValue.newBuilder().setAbsent(Absent.getDefaultInstance()).build());
  }

  static Effect nullSet(EntryDot bucket, String key, NullValue value) {
    return Effect.newBuilder()
        .setNullSet(
            NullSet.newBuilder()
                .setBucket(bucket.toProto())
                .setKey(ByteString.copyFromUtf8(key))
                .setValue(value))
        .build();
  }

  static Effect version(EntryDot bucket, String key, EntryOrder id, long size) {
    return versionSet(bucket, key, id, VersionValue.newBuilder().setBody(body(size)).build());
  }

  static Effect versionMarker(EntryDot bucket, String key, EntryOrder id) {
    return versionSet(
        bucket,
        key,
        id,
        VersionValue.newBuilder().setMarker(DeleteMarker.getDefaultInstance()).build());
  }

  static Effect versionSet(EntryDot bucket, String key, EntryOrder id, VersionValue value) {
    return Effect.newBuilder()
        .setVersionSet(
            VersionSet.newBuilder()
                .setBucket(bucket.toProto())
                .setKey(ByteString.copyFromUtf8(key))
                .setVersion(id.toProto())
                .setValue(value))
        .build();
  }

  static Effect versionRemoved(EntryDot bucket, String key, EntryOrder id, EntryDot removed) {
    return Effect.newBuilder()
        .setVersionRemoved(
            VersionRemoved.newBuilder()
                .setBucket(bucket.toProto())
                .setKey(ByteString.copyFromUtf8(key))
                .setVersion(id.toProto())
                .setRemoved(removed.toProto()))
        .build();
  }

  /// Versions on or off for 0 and 1, guarded overwrites off or on for 2 and 3.
  static Effect setting(EntryDot bucket, int which) {
    BucketSetting.Builder setting = BucketSetting.newBuilder();
    if (which < 2) {
      setting.setVersioning(
          which == 0 ? Versioning.VERSIONING_ENABLED : Versioning.VERSIONING_SUSPENDED);
    } else {
      setting.setGuardedOverwrites(which == 3);
    }
    return Effect.newBuilder()
        .setBucketSettingSet(
            BucketSettingSet.newBuilder().setBucket(bucket.toProto()).setSetting(setting))
        .build();
  }

  static Effect user(String id, String name) {
    return Effect.newBuilder()
        .setUserSet(
            UserSet.newBuilder().setUserId(id).setUser(UserValue.newBuilder().setDisplayName(name)))
        .build();
  }

  static Effect accessKey(String id, String user, boolean enabled) {
    return Effect.newBuilder()
        .setAccessKeySet(
            AccessKeySet.newBuilder()
                .setAccessKeyId(id)
                .setKey(
                    AccessKeyValue.newBuilder()
                        .setKey(AccessKey.newBuilder().setUserId(user).setEnabled(enabled))))
        .build();
  }

  static Effect accessKeyDeleted(String id) {
    return Effect.newBuilder()
        .setAccessKeyDeleted(AccessKeyDeleted.newBuilder().setAccessKeyId(id))
        .build();
  }

  static Effect member(int site, String name) {
    return Effect.newBuilder()
        .setMemberSet(
            MemberSet.newBuilder().setSite(site).setMember(MemberValue.newBuilder().setName(name)))
        .build();
  }

  static Effect conflictKept(
      EntryDot bucket, String key, EntryOrder loser, EntryDot loserDot, long size) {
    return Effect.newBuilder()
        .setConflictKept(
            ConflictKept.newBuilder()
                .setBucket(bucket.toProto())
                .setKey(ByteString.copyFromUtf8(key))
                .setLoser(loser.toProto())
                .setLoserDot(loserDot.toProto())
                .setBody(body(size)))
        .build();
  }

  private static Body body(long size) {
    return Body.newBuilder().setManifest(Manifest.newBuilder().setSize(size)).build();
  }

  /// All rows of a view.
  static List<IndexView.RowEntry> rows(IndexView view) {
    List<IndexView.RowEntry> rows = new ArrayList<>();
    RowKey next = new RowKey(new byte[0]);
    RowKey end = new RowKey(new byte[] {(byte) 0xff});
    while (true) {
      List<IndexView.RowEntry> step = view.scan(next, end, 100);
      rows.addAll(step);
      if (step.size() < 100) {
        return rows;
      }
      next = IndexKeys.after(step.getLast().key());
    }
  }

  /// The same as text, to be compared.
  static List<String> dump(IndexView view) {
    return rows(view).stream().map(row -> row.key() + " = " + new RowKey(row.value())).toList();
  }
}
