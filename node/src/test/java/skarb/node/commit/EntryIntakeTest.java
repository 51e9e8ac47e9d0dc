package skarb.node.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static skarb.node.commit.Requests.ANN;
import static skarb.node.commit.Requests.BUCKET;
import static skarb.node.commit.Requests.createBucket;
import static skarb.node.commit.Requests.delete;
import static skarb.node.commit.Requests.put;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import skarb.node.index.Grave;
import skarb.node.index.LoggedEntry;
import skarb.node.model.EntryDot;
import skarb.node.model.EntryOrder;
import skarb.node.model.ObjectKey;
import skarb.node.model.SiteId;
import skarb.v1.ConflictResolution;
import skarb.v1.Effect;
import skarb.v1.Entry;
import skarb.v1.ErrorReason;
import skarb.v1.PendingReason;

/// Two sites that exchange entries, one batch at a time.
class EntryIntakeTest {
  private static final ObjectKey KEY = ObjectKey.of("k");

  private final DisklessSite a = new DisklessSite(7);
  private final DisklessSite b = new DisklessSite(8);

  @BeforeEach
  void twoMembersAndABucket() {
    a.committer.done(new Mutation.SetMember(new SiteId(7), DisklessSite.member("a")));
    a.committer.done(new Mutation.SetMember(new SiteId(8), DisklessSite.member("b")));
    a.committer.done(createBucket());
    b.take(a);
    a.take(b);
  }

  @Test
  void entriesOfAnotherSiteAreJoined() {
    a.committer.done(put("k", "text"));
    b.take(a);

    assertThat(b.current(KEY)).isEqualTo(a.current(KEY)).isNotEmpty();
    assertThat(b.catalog.heads()).isEqualTo(a.catalog.heads());
  }

  @Test
  void anEntryThatIsLoggedAlreadyChangesNothing() {
    a.committer.done(put("k", "text"));
    List<LoggedEntry> all = a.entries();
    b.log(all);
    int records = b.committer.records().size();

    b.log(all);

    assertThat(b.committer.records()).hasSize(records);
  }

  @Test
  void aBodyThatLostUnseenIsKeptInTheBatchThatRevealedIt() {
    writeUnseen();
    EntryOrder loser = a.current(KEY).getFirst().order();

    b.take(a);
    a.take(b);

    assertThat(b.catalog.conflict(b.bucket(), KEY.bytes(), loser)).isPresent();
    assertThat(a.catalog.conflict(a.bucket(), KEY.bytes(), loser)).isPresent();
    assertThat(a.current(KEY)).isEqualTo(b.current(KEY));
    assertThat(a.current(KEY).getFirst().order()).isNotEqualTo(loser);
  }

  @Test
  void aDeleteThatHadNotSeenABodyKeepsIt() {
    a.committer.done(put("k", "first"));
    b.take(a);
    a.committer.done(put("k", "second"));
    EntryOrder loser = a.current(KEY).getFirst().order();
    b.wall.advance(10);
    b.committer.done(delete("k"));

    b.take(a);

    assertThat(b.current(KEY)).isEmpty();
    assertThat(b.catalog.conflict(b.bucket(), KEY.bytes(), loser)).isPresent();
  }

  @Test
  void anOverwriteThatHadSeenTheBodyKeepsNothing() {
    a.committer.done(put("k", "of a"));
    EntryOrder seen = a.current(KEY).getFirst().order();
    b.take(a);
    b.committer.done(put("k", "of b"));
    a.take(b);

    assertThat(a.catalog.conflict(a.bucket(), KEY.bytes(), seen)).isEmpty();
    assertThat(a.current(KEY)).isEqualTo(b.current(KEY));
  }

  @Test
  void aKeptBodyThatWasInTruthReplacedIsSettled() {
    a.committer.done(put("k", "1"));
    EntryOrder first = a.current(KEY).getFirst().order();
    a.committer.done(put("k", "2"));
    b.wall.advance(10);
    b.committer.done(put("k", "of b"));
    List<LoggedEntry> ofA = a.entries();

    b.log(ofA.subList(0, ofA.size() - 1));
    assertThat(b.catalog.conflict(b.bucket(), KEY.bytes(), first)).isPresent();
    b.log(ofA);

    assertThat(b.catalog.conflict(b.bucket(), KEY.bytes(), first)).isEmpty();
    assertThat(b.replayed()).isEqualTo(b.index.digest());
  }

  @Test
  void aConflictIsSettledByDecision() {
    writeUnseen();
    b.take(a);
    a.take(b);
    EntryOrder loser = a.conflicts(KEY).getFirst();

    a.committer.done(
        new Mutation.ResolveConflict(
            ANN, BUCKET, KEY, loser, ConflictResolution.CONFLICT_RESOLUTION_DECIDED));
    b.take(a);

    assertThat(a.conflicts(KEY)).isEmpty();
    assertThat(b.conflicts(KEY)).isEmpty();
    assertThat(
            a.committer.rejected(
                new Mutation.ResolveConflict(
                    ANN, BUCKET, KEY, loser, ConflictResolution.CONFLICT_RESOLUTION_DECIDED)))
        .isEqualTo(ErrorReason.ERROR_REASON_NO_SUCH_VERSION);
  }

  @Test
  void aStampTooFarAheadIsPendingUntilTheWallClockComesNear() {
    a.wall.advance(3_600_000);
    a.committer.done(put("k", "of tomorrow"));
    b.take(a);

    assertThat(b.current(KEY)).isEmpty();
    assertThat(b.catalog.pending(null, 10))
        .extracting(each -> each.row().getReason())
        .containsOnly(PendingReason.PENDING_REASON_STAMP_AHEAD);
    assertThat(b.catalog.heads().keySet()).isEqualTo(a.catalog.heads().keySet());
    b.catalog
        .heads()
        .forEach((origin, head) ->
            assertThat(head.getHash()).isEqualTo(a.catalog.head(origin).orElseThrow().getHash()));
    // A start must not take the clock to tomorrow either.
    assertThat(b.catalog.highestStamp()).isLessThan(a.catalog.highestStamp());
    b.committer.done(put("k", "of today"));
    EntryOrder today = b.current(KEY).getFirst().order();

    b.wall.advance(3_600_000);
    b.release();

    assertThat(b.catalog.pending(null, 10)).isEmpty();
    assertThat(b.catalog.highestStamp()).isGreaterThanOrEqualTo(a.catalog.highestStamp());
    assertThat(b.current(KEY)).isEqualTo(a.current(KEY));
    // Today's write had not seen tomorrow's, which was pending, nor the other way round.
    assertThat(b.catalog.conflict(b.bucket(), KEY.bytes(), today)).isPresent();
    assertThat(b.replayed()).isEqualTo(b.index.digest());
  }

  @Test
  void whatWasPendingActsBeforeWhatReplacedItKnowingly() {
    a.wall.advance(7_200_000);
    a.committer.done(put("k", "of tomorrow"));
    EntryOrder first = a.current(KEY).getFirst().order();
    b.take(a);
    a.committer.done(put("k", "of tomorrow too"));
    EntryOrder second = a.current(KEY).getFirst().order();
    b.wall.advance(7_300_000);
    b.committer.done(put("k", "of b, who has seen neither"));

    b.take(a);

    assertThat(b.catalog.pending(null, 10)).isEmpty();
    assertThat(b.catalog.conflict(b.bucket(), KEY.bytes(), first)).isEmpty();
    assertThat(b.catalog.conflict(b.bucket(), KEY.bytes(), second)).isPresent();
  }

  @Test
  void whatIsPendingWasNotSeenByWritesOnTheSameKeyAlone() throws Exception {
    a.wall.advance(3_600_000);
    a.committer.done(put("k", "of tomorrow"));
    EntryDot pended = a.current(KEY).getFirst().dot();
    b.take(a);

    b.committer.done(put("k", "x"));
    b.committer.done(put("other", "y"));

    List<LoggedEntry> own = b.entries();
    assertThat(reduced(own.get(own.size() - 2))).containsExactly(pended);
    assertThat(reduced(own.getLast())).isEmpty();
  }

  @Test
  void anEntryOfALaterReleaseIsPendingAndKeptAsItCame() throws Exception {
    a.committer.done(put("k", "text"));
    LoggedEntry known = a.entries().getLast();
    Effect later =
        known.entry().getEffects(0).toBuilder()
            .setUnknownFields(
                UnknownFieldSet.newBuilder()
                    .addField(999, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                    .build())
            .build();
    Entry changed = known.entry().toBuilder().setEffects(0, later).build();
    List<LoggedEntry> all = new ArrayList<>(a.entries());
    all.set(all.size() - 1, new LoggedEntry(changed, changed.toByteString()));

    b.log(all);

    assertThat(b.current(KEY)).isEmpty();
    assertThat(b.catalog.pending(null, 10).getFirst().row().getEntry())
        .isEqualTo(changed.toByteString());
    assertThat(b.catalog.pending(null, 10).getFirst().row().getReason())
        .isEqualTo(PendingReason.PENDING_REASON_UNKNOWN);
    b.release();
    assertThat(b.catalog.pending(null, 10)).hasSize(1);
    assertThat(b.replayed()).isEqualTo(b.index.digest());
  }

  @Test
  void aGapEndsTheStreamAndWhatCameBeforeStays() {
    a.committer.done(put("k", "1"));
    a.committer.done(put("l", "2"));
    a.committer.done(put("m", "3"));
    List<LoggedEntry> all = new ArrayList<>(a.entries());
    all.remove(all.size() - 2);

    assertThat(b.refused(all)).isEqualTo(ErrorReason.ERROR_REASON_SYNC_GAP);

    assertThat(b.current(KEY)).hasSize(1);
    assertThat(b.replayed()).isEqualTo(b.index.digest());
  }

  @Test
  void twoEntriesWithOneNameAreAFork() {
    a.committer.done(put("k", "1"));
    LoggedEntry last = a.entries().getLast();
    Entry forged =
        last.entry().toBuilder()
            .setHeader(
                last.entry().getHeader().toBuilder()
                    .setPreviousHash(ByteString.copyFromUtf8("another past")))
            .build();
    List<LoggedEntry> all = new ArrayList<>(a.entries());
    all.set(all.size() - 1, new LoggedEntry(forged, forged.toByteString()));

    assertThat(b.refused(all)).isEqualTo(ErrorReason.ERROR_REASON_SYNC_FORK);
  }

  @Test
  void aLaterOriginOfThisSiteThatIsNoneOfOursIsATwin() {
    DisklessSite twin = new DisklessSite(7);
    a.wall.advance(1);
    twin.wall.advance(5_000);
    twin.log(a.entries());
    twin.committer.done(put("k", "written by the copy"));

    a.log(twin.entries());

    assertThat(a.committer.twin()).isPresent();
  }

  @Test
  void stampsGoAboveWhatWasJoined() {
    b.wall.advance(30_000);
    b.committer.done(put("k", "ahead by half a minute"));
    a.take(b);

    a.committer.done(put("k", "after it"));
    b.take(a);

    assertThat(b.current(KEY)).isEqualTo(a.current(KEY));
    assertThat(a.conflicts(KEY)).isEmpty();
  }

  @Test
  void tombstonesStayUntilTheyAreDropped() {
    a.committer.done(put("k", "text"));
    a.committer.done(delete("k"));
    List<Grave> graves = a.catalog.graves(null, 10);
    assertThat(graves).hasSize(1);

    a.committer.done(new Mutation.DropTombstones(List.of(graves.getFirst().dropped())));

    assertThat(a.catalog.graves(null, 10)).isEmpty();
    assertThat(a.catalog.nullVersionOrder(a.bucket(), KEY.bytes())).isEmpty();
    assertThat(a.replayed()).isEqualTo(a.index.digest());
  }

  @Test
  void aTombstoneThatWasSetAnewStays() {
    a.committer.done(put("k", "text"));
    a.committer.done(delete("k"));
    Grave old = a.catalog.graves(null, 10).getFirst();
    a.committer.done(put("k", "again"));

    a.committer.done(new Mutation.DropTombstones(List.of(old.dropped())));

    assertThat(a.current(KEY)).hasSize(1);
  }

  @Test
  void bytesThatAreNotHereAreWantedUntilTheyCame() {
    a.committer.done(put("k", "text"));
    EntryDot dot = a.current(KEY).getFirst().dot();
    b.log(a.entries(), true);
    assertThat(b.catalog.isWanted(dot)).isTrue();
    assertThat(b.replayed()).isEqualTo(b.index.digest());

    b.committer.done(new Mutation.NoteBodies(List.of(dot)));

    assertThat(b.catalog.isWanted(dot)).isFalse();
  }

  private void writeUnseen() {
    a.committer.done(put("k", "of a"));
    b.wall.advance(10);
    b.committer.done(put("k", "of b"));
  }

  private static List<EntryDot> reduced(LoggedEntry entry) {
    return entry.entry().getHeader().getSeen().getReducedList().stream().map(EntryDot::of).toList();
  }
}
