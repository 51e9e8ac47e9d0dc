package skarb.node.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import skarb.node.index.EntryRejectedException.Reason;
import skarb.node.model.EntryDot;
import skarb.node.model.EntryOrder;
import skarb.node.model.Hlc;
import skarb.node.model.OriginId;
import skarb.v1.Body;
import skarb.v1.BucketSetting;
import skarb.v1.BucketSettingSet;
import skarb.v1.ChunkReference;
import skarb.v1.Dot;
import skarb.v1.Effect;
import skarb.v1.Entry;
import skarb.v1.EntryPended;
import skarb.v1.JournalRecord;
import skarb.v1.LocalRecord;
import skarb.v1.Manifest;
import skarb.v1.NullValue;
import skarb.v1.OriginHead;
import skarb.v1.PendingReason;
import skarb.v1.RegisterId;
import skarb.v1.RegisterKind;
import skarb.v1.Row;
import skarb.v1.TombstoneDropped;
import skarb.v1.Versioning;

class JoinTest {
  private static final ByteString KEY = ByteString.copyFromUtf8("k");

  private final RowChanges rows = new RowChanges(new MemoryIndex());
  private final Catalog catalog = new Catalog(rows);
  private final Entries site = new Entries(0x0000_0001_0000_0001L);
  private final Entries other = new Entries(0x0000_0002_0000_0001L);

  @Test
  void theHigherStampWinsWhateverCameFirst() {
    EntryDot bucket = makeBucket();
    join(site.atLeast(100).next(Entries.nullBody(bucket, "k", 1)));
    join(other.atLeast(50).next(Entries.nullBody(bucket, "k", 2)));
    assertThat(size(bucket)).isEqualTo(1);

    join(other.atLeast(150).next(Entries.nullBody(bucket, "k", 3)));
    assertThat(size(bucket)).isEqualTo(3);
  }

  @Test
  void tiesGoByOrigin() {
    EntryDot bucket = makeBucket();
    join(other.atLeast(100).next(Entries.nullBody(bucket, "k", 2)));
    join(site.atLeast(100).next(Entries.nullBody(bucket, "k", 1)));

    assertThat(size(bucket)).isEqualTo(2);
  }

  @Test
  void eachSettingOfABucketIsARegisterOfItsOwn() {
    EntryDot bucket = makeBucket();
    join(other.atLeast(100).next(Entries.setting(bucket, 0)));
    join(site.atLeast(50).next(Entries.setting(bucket, 1)));
    join(site.atLeast(60).next(Entries.setting(bucket, 3)));
    assertThat(catalog.versioning(bucket)).isEqualTo(Versioning.VERSIONING_ENABLED);
    assertThat(catalog.guardedOverwrites(bucket)).isTrue();

    join(other.atLeast(200).next(Entries.setting(bucket, 1), Entries.setting(bucket, 2)));
    assertThat(catalog.versioning(bucket)).isEqualTo(Versioning.VERSIONING_SUSPENDED);
    assertThat(catalog.guardedOverwrites(bucket)).isFalse();
  }

  @Test
  void anEntryThatIsLoggedAlreadyChangesNothing() {
    LoggedEntry entry = site.next(Entries.user("u", "name"));
    assertThat(Join.join(rows, entry).isNew()).isTrue();
    var before = Entries.dump(rows);

    assertThat(Join.join(rows, entry).isNew()).isFalse();
    assertThat(Entries.dump(rows)).isEqualTo(before);
  }

  @Test
  void theHeadHoldsTheEndOfTheChain() {
    site.next(Entries.user("u", "name"));
    LoggedEntry second = site.next(Entries.user("u", "other"));

    assertRejected(second, Reason.GAP);
    Entries again = new Entries(site.origin().value());
    join(again.next(Entries.user("u", "name")));
    join(second);

    OriginHead head = catalog.head(site.origin()).orElseThrow();
    assertThat(head.getSequence()).isEqualTo(2);
    assertThat(head.getHash()).isEqualTo(Join.hash(second.bytes()));
    assertThat(head.getHlc()).isEqualTo(second.order().hlc().value());
  }

  @Test
  void anEntryThatFollowsAnotherHistoryIsAFork() {
    join(site.next(Entries.user("u", "name")));
    Entries twin = new Entries(site.origin().value());
    twin.next(Entries.user("u", "another name"));

    assertRejected(twin.next(Entries.user("v", "name")), Reason.FORK);
  }

  @Test
  void anEntryThatMustWaitIsOnlyLogged() {
    LoggedEntry entry = site.next(Entries.user("u", "name"));
    LocalRecords.apply(
        rows, LocalRecords.pended(entry.dot(), PendingReason.PENDING_REASON_STAMP_AHEAD));
    join(entry);

    assertThat(catalog.head(site.origin()).orElseThrow().getSequence()).isEqualTo(1);
    assertThat(catalog.user("u")).isEmpty();
  }

  @Test
  void rowsNameTheVectorThatTheirEntryHadSeen() {
    EntryDot bucket = makeBucket();
    join(site.next(Map.of(other.origin(), 7L), Entries.nullBody(bucket, "k", 1)));
    long changed = site.lastDot().sequence();
    join(site.next(Map.of(other.origin(), 7L), Entries.nullBody(bucket, "k", 2)));
    OriginId third = new OriginId(-1);
    LoggedEntry advanced =
        site.next(Map.of(other.origin(), 9L, third, 1L), Entries.nullBody(bucket, "l", 2));

    Row row = nullRow(bucket);
    assertThat(row.getSeenSince()).isEqualTo(changed);
    assertThat(Rows.seen(rows, site.origin(), row.getSeenSince()))
        .isEqualTo(Map.of(other.origin(), 7L));
    join(advanced);
    assertThat(catalog.seen(site.origin())).isEqualTo(Map.of(other.origin(), 9L, third, 1L));
    assertThat(nullRow(bucket)).isEqualTo(row);
  }

  @Test
  void aReductionOfSeenStandsInTheRow() {
    EntryDot bucket = makeBucket();
    Dot reduced = Dot.newBuilder().setOrigin(5).setSequence(6).build();
    Entry.Builder entry = site.next(Entries.nullBody(bucket, "k", 1)).entry().toBuilder();
    entry.getHeaderBuilder().getSeenBuilder().addReduced(reduced);
    join(logged(entry.build()));

    assertThat(nullRow(bucket).getSeenReducedList()).containsExactly(reduced);
  }

  @Test
  void ofTwoBucketsWithANameTheOlderIsFoundAndAfterItsDeletionTheYounger() {
    join(site.atLeast(100).next(Entries.bucketCreated("b", "al")));
    EntryDot younger = site.lastDot();
    join(other.atLeast(50).next(Entries.bucketCreated("b", "bo")));
    EntryDot older = other.lastDot();

    assertThat(catalog.bucket("b").orElseThrow().incarnation()).isEqualTo(older);
    assertThat(catalog.bucketsOf("al", "", "", 10)).hasSize(1);
    join(other.next(Entries.bucketDeleted(older)));
    assertThat(catalog.bucket("b").orElseThrow().incarnation()).isEqualTo(younger);
    assertThat(catalog.bucketsOf("bo", "", "", 10)).isEmpty();
    assertThat(catalog.bucket(older)).isPresent();
    assertThat(catalog.isDeleted(older)).isTrue();
    join(site.next(Entries.bucketDeleted(younger)));
    assertThat(catalog.bucket("b")).isEmpty();
  }

  @Test
  void aDroppedBucketLeavesNoRow() {
    EntryDot bucket = makeBucket();
    join(site.next(Entries.bucketDeleted(bucket)));

    drop(register(RegisterKind.REGISTER_KIND_BUCKET_DELETED, bucket).build(), site.lastOrder());

    assertThat(rowsWithoutHeads()).isZero();
  }

  @Test
  void aDroppedNullVersionLeavesNoRowUnlessALaterOneCame() {
    EntryDot bucket = makeBucket();
    join(site.next(Entries.nullAbsent(bucket, "k")));
    EntryOrder deletion = site.lastOrder();
    RegisterId register = register(RegisterKind.REGISTER_KIND_NULL, bucket).setKey(KEY).build();
    drop(register, new EntryOrder(new Hlc(deletion.hlc().value() - 1), site.origin()));
    assertThat(rows.get(IndexKeys.nullVersion(bucket, KEY))).isNotNull();
    drop(register, deletion);
    assertThat(rows.get(IndexKeys.nullVersion(bucket, KEY))).isNull();

    join(site.next(Entries.nullBody(bucket, "k", 1)));
    drop(register, deletion);
    assertThat(size(bucket)).isEqualTo(1);
    assertThatThrownBy(() -> drop(register, site.lastOrder()))
        .isInstanceOf(EntryRejectedException.class);
    assertThat(size(bucket)).isEqualTo(1);
  }

  @Test
  void aDroppedTombstoneTakesTheVersionThatItNamedAlong() {
    EntryDot bucket = makeBucket();
    EntryOrder id = new EntryOrder(new Hlc(77), site.origin());
    join(site.next(Entries.version(bucket, "k", id, 1)));
    join(site.next(Entries.versionRemoved(bucket, "k", id, site.lastDot())));
    EntryOrder removal = site.lastOrder();
    RegisterId register =
        register(RegisterKind.REGISTER_KIND_TOMBSTONE, bucket)
            .setKey(KEY)
            .setVersion(id.toProto())
            .build();
    assertThat(catalog.version(bucket, KEY, id)).isEmpty();
    assertThat(catalog.isEmpty(bucket)).isTrue();

    drop(register, removal);
    assertThat(rows.get(IndexKeys.version(bucket, KEY, id))).isNull();
    assertThat(rows.get(IndexKeys.tombstone(bucket, KEY, id))).isNull();
  }

  @Test
  void aVersionThatWasIssuedAgainOutlivesTheTombstoneOfItsFirstIssue() {
    EntryDot bucket = makeBucket();
    EntryOrder id = new EntryOrder(new Hlc(77), site.origin());
    join(site.next(Entries.version(bucket, "k", id, 1)));
    join(site.next(Entries.versionRemoved(bucket, "k", id, site.lastDot())));
    EntryOrder removal = site.lastOrder();
    join(site.next(Entries.version(bucket, "k", id, 2)));
    assertThat(catalog.version(bucket, KEY, id)).isPresent();

    drop(
        register(RegisterKind.REGISTER_KIND_TOMBSTONE, bucket)
            .setKey(KEY)
            .setVersion(id.toProto())
            .build(),
        removal);

    assertThat(catalog.version(bucket, KEY, id).orElseThrow().body().getManifest().getSize())
        .isEqualTo(2);
  }

  @Test
  void aDeletedAccessKeyIsGoneAndItsGenerationGrowsWithEachChange() {
    join(site.next(Entries.accessKey("K1", "u", true)));
    AccessKeyRow first = catalog.accessKey("K1").orElseThrow();
    join(site.next(Entries.accessKey("K1", "u", false)));
    AccessKeyRow second = catalog.accessKey("K1").orElseThrow();
    assertThat(second.generation()).isGreaterThan(first.generation());
    assertThat(second.toString()).doesNotContain("secret");

    join(site.next(Entries.accessKeyDeleted("K1")));
    assertThat(catalog.accessKey("K1")).isEmpty();
    assertThat(catalog.accessKeys("", 10)).isEmpty();
    drop(
        RegisterId.newBuilder()
            .setKind(RegisterKind.REGISTER_KIND_ACCESS_KEY)
            .setName("K1")
            .build(),
        site.lastOrder());
    assertThat(rows.get(IndexKeys.accessKey("K1"))).isNull();
  }

  @Test
  void whatThisReleaseDoesNotKnowIsRejectedWholeHoweverDeep() {
    EntryDot bucket = makeBucket();
    UnknownFieldSet field =
        UnknownFieldSet.newBuilder()
            .addField(1000, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
            .build();
    Body unknownAlgorithm = Body.newBuilder().setChecksumTypeValue(99).build();
    Body unknownReference =
        Body.newBuilder()
            .setManifest(
                Manifest.newBuilder()
                    .addChunks(ChunkReference.getDefaultInstance())
                    .addChunks(ChunkReference.newBuilder().setUnknownFields(field)))
            .build();
    for (Effect effect :
        new Effect[] {
          Effect.getDefaultInstance(),
          Effect.newBuilder().setUnknownFields(field).build(),
          Entries.user("u", "n").toBuilder().setUnknownFields(field).build(),
          Entries.nullSet(bucket, "k", NullValue.newBuilder().setBody(unknownAlgorithm).build()),
          Entries.nullSet(bucket, "k", NullValue.newBuilder().setBody(unknownReference).build()),
        }) {
      Entries writer = new Entries(99);
      assertRejected(writer.next(Entries.user("v", "n"), effect), Reason.UNKNOWN);
      assertThat(catalog.head(writer.origin())).isEmpty();
    }
    assertThat(catalog.user("v")).isEmpty();
  }

  @Test
  void whatContradictsItselfIsRejected() {
    EntryDot bucket = makeBucket();
    assertRejected(other.next(Entries.nullBody(bucket, "", 1)), Reason.MALFORMED);
    assertThatThrownBy(() -> LoggedEntry.parse(ByteString.copyFromUtf8("\u00ff\u00ff")))
        .isInstanceOf(EntryRejectedException.class);
    assertThatThrownBy(() -> Join.join(rows, logged(Entry.getDefaultInstance())))
        .isInstanceOf(EntryRejectedException.class);
    for (BucketSetting nothing :
        List.of(
            BucketSetting.getDefaultInstance(),
            BucketSetting.newBuilder().setVersioning(Versioning.VERSIONING_UNSPECIFIED).build())) {
      BucketSettingSet set =
          BucketSettingSet.newBuilder().setBucket(bucket.toProto()).setSetting(nothing).build();
      assertRejected(
          new Entries(97).next(Effect.newBuilder().setBucketSettingSet(set).build()),
          Reason.MALFORMED);
    }
    Entries twice = new Entries(98);
    assertRejected(
        twice.next(Entries.bucketCreated("a", "o"), Entries.bucketCreated("b", "o")),
        Reason.MALFORMED);
  }

  @Test
  void aLocalRecordWithoutContentIsOfALaterRelease() {
    assertLocalRejected(LocalRecord.getDefaultInstance(), Reason.UNKNOWN);
  }

  @Test
  void aLocalRecordThatNamesNoEntryIsMalformed() {
    assertLocalRejected(
        LocalRecord.newBuilder().setEntryPended(EntryPended.getDefaultInstance()).build(),
        Reason.MALFORMED);
  }

  private void assertLocalRejected(LocalRecord local, Reason reason) {
    assertThatThrownBy(() -> LocalRecords.apply(rows, local))
        .isInstanceOfSatisfying(
            EntryRejectedException.class,
            rejected -> assertThat(rejected.reason()).isEqualTo(reason));
  }

  @Test
  void replayReadsWhatTheJournalHolds() {
    EntryDot bucket = makeBucket();
    LoggedEntry deletion = site.next(Entries.nullAbsent(bucket, "k"));
    Join.replay(rows, JournalRecord.newBuilder().setEntry(deletion.bytes()).build().toByteString());
    assertThat(rows.get(IndexKeys.nullVersion(bucket, KEY))).isNotNull();
    Join.replay(
        rows,
        JournalRecord.newBuilder()
            .setLocal(
                dropped(
                    register(RegisterKind.REGISTER_KIND_NULL, bucket).setKey(KEY).build(),
                    site.lastOrder()))
            .build()
            .toByteString());
    assertThat(rows.get(IndexKeys.nullVersion(bucket, KEY))).isNull();
    assertThatThrownBy(() -> Join.replay(rows, ByteString.EMPTY))
        .isInstanceOf(EntryRejectedException.class);
  }

  private Row nullRow(EntryDot bucket) {
    return Objects.requireNonNull(Rows.row(rows, IndexKeys.nullVersion(bucket, KEY)));
  }

  private EntryDot makeBucket() {
    join(site.next(Entries.bucketCreated("bucket", "owner")));
    return site.lastDot();
  }

  private void join(LoggedEntry entry) {
    assertThat(Join.join(rows, entry).isNew()).isTrue();
  }

  private void assertRejected(LoggedEntry entry, Reason reason) {
    assertThatThrownBy(() -> Join.join(rows, entry))
        .isInstanceOfSatisfying(
            EntryRejectedException.class,
            rejected -> assertThat(rejected.reason()).isEqualTo(reason));
  }

  private void drop(RegisterId register, EntryOrder upTo) {
    LocalRecords.apply(rows, dropped(register, upTo));
  }

  private static LocalRecord dropped(RegisterId register, EntryOrder upTo) {
    return LocalRecord.newBuilder()
        .setTombstoneDropped(
            TombstoneDropped.newBuilder()
                .setRegister(register)
                .setHlc(upTo.hlc().value())
                .setOrigin(upTo.origin().value()))
        .build();
  }

  private static RegisterId.Builder register(RegisterKind kind, EntryDot bucket) {
    return RegisterId.newBuilder().setKind(kind).setBucket(bucket.toProto());
  }

  private static LoggedEntry logged(Entry entry) {
    return new LoggedEntry(entry, entry.toByteString());
  }

  private long rowsWithoutHeads() {
    return Entries.rows(rows).stream()
        .filter(row -> !IndexKeys.originHeads().contains(row.key()))
        .count();
  }

  private long size(EntryDot bucket) {
    return catalog.current(bucket, KEY).orElseThrow().body().getManifest().getSize();
  }
}
