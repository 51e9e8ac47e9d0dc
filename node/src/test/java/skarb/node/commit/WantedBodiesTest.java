package skarb.node.commit;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import skarb.node.index.LoggedEntry;
import skarb.node.index.WantedBodies;
import skarb.node.model.EntryDot;
import skarb.node.model.ObjectKey;
import skarb.node.model.SiteId;
import skarb.v1.ConflictResolution;
import skarb.v1.SyncPosition;

/// What is noted of bytes that are not here, and of how far journals of others are read.
class WantedBodiesTest {
  private static final ObjectKey K = ObjectKey.of("k");
  private static final ByteString STORE = ByteString.copyFrom(new byte[16]);

  private final DisklessSite a = new DisklessSite(7);
  private final DisklessSite b = new DisklessSite(8);
  private final DisklessSite c = new DisklessSite(9);

  @BeforeEach
  void members() {
    for (int id = 7; id <= 9; id++) {
      Committed _ = a.done(new Mutation.SetMember(new SiteId(id), DisklessSite.member("s" + id)));
    }
    a.createBucket("ann", "bucket");
    b.take(a);
    c.take(a);
  }

  @Test
  void whatIsOverwrittenIsNotNeededAnyMore() {
    EntryDot first = a.put("ann", "bucket", "k", "1").dot();
    b.log(a.entries(), true);
    assertThat(needed(b)).containsExactly(first);

    EntryDot second = a.put("ann", "bucket", "k", "2").dot();
    b.log(a.entries(), true);

    assertThat(needed(b)).containsExactly(second);
    Committed _ = b.done(new Mutation.NoteBodies(List.of(first)));
    assertThat(b.catalog().isWanted(first)).isFalse();
    assertThat(b.replayed()).isEqualTo(b.rows().digest());
  }

  @Test
  void aKeptBodyIsNeededUntilItsConflictIsSettled() {
    EntryDot loser = a.put("ann", "bucket", "k", "1").dot();
    b.advance(10);
    b.put("ann", "bucket", "k", "2");
    b.log(a.entries(), true);
    assertThat(b.conflicts(K)).hasSize(1);
    assertThat(needed(b)).contains(loser);

    Committed _ =
        b.done(
            new Mutation.ResolveConflict(
                "ann",
                Requests.BUCKET,
                K,
                b.conflicts(K).getFirst(),
                ConflictResolution.CONFLICT_RESOLUTION_DECIDED));

    assertThat(needed(b)).doesNotContain(loser);
  }

  /// The loser cannot act here yet, and its keeper came first: a reader asks for the loser's bytes
  /// by the loser's own name.
  @Test
  void aKeptBodyWhoseOwnEntryIsPendingIsWantedUnderItsName() {
    c.advance(-40_000);
    a.advance(50_000);
    EntryDot loser = a.put("ann", "bucket", "k", "1").dot();
    b.advance(50_010);
    EntryDot winner = b.put("ann", "bucket", "k", "2").dot();
    b.take(a);
    List<LoggedEntry> all = b.entries();
    LoggedEntry kept = all.getLast();
    assertThat(kept.entry().getEffects(0).hasConflictKept()).isTrue();

    c.log(all.subList(0, all.size() - 1));
    assertThat(c.catalog().pending(null, 9)).extracting(each -> each.dot()).contains(loser, winner);
    c.setMillis(kept.order().hlc().millis());
    c.log(List.of(kept), true);

    assertThat(c.catalog().conflict(c.bucket(), K.bytes(), b.conflicts(K).getFirst()))
        .hasValueSatisfying(version -> {
          assertThat(version.dot()).isEqualTo(loser);
          assertThat(c.catalog().isWanted(version.dot())).isTrue();
        });
    assertThat(needed(c)).contains(loser, kept.dot());
    assertThat(c.replayed()).isEqualTo(c.rows().digest());
  }

  @Test
  void aPositionStandsWithTheEntriesBeforeIt() {
    a.put("ann", "bucket", "k", "1");
    b.log(a.entries(), position(5));
    assertThat(b.catalog().position(STORE)).isEqualTo(5);
    int records = b.records().size();

    b.log(List.of(), position(5));
    assertThat(b.records()).as("no news is not written").hasSize(records);
    b.log(List.of(), position(9));
    assertThat(b.catalog().positions()).containsExactly(position(9));
    assertThat(b.restarted().catalog().positions()).containsExactly(position(9));
    assertThat(b.replayed()).isEqualTo(b.rows().digest());
  }

  @Test
  void aPositionIsNeverAheadOfItsEntriesHoweverMuchOfTheJournalIsLeft() {
    for (int i = 1; i <= 5; i++) {
      a.put("ann", "bucket", "k" + i, "text");
      b.log(a.entries(), position(i));
    }
    List<LoggedEntry> entries = a.entries();
    int first = entries.size() - 5;
    for (int records = 0; records <= b.records().size(); records++) {
      DisklessSite left = b.restartedWith(records);
      long position = left.catalog().position(STORE);
      for (int i = 0; i < position; i++) {
        EntryDot dot = entries.get(first + i).dot();
        assertThat(left.catalog().head(dot.origin()).orElseThrow().getSequence())
            .isGreaterThanOrEqualTo(dot.sequence());
      }
    }
  }

  @Test
  void afterAGapThePositionStays() {
    a.put("ann", "bucket", "k", "1");
    a.put("ann", "bucket", "l", "2");
    List<LoggedEntry> withGap = List.of(a.entries().getLast());
    Mutation log =
        new Mutation.LogEntries(
            withGap.stream().map(each -> new Mutation.ReceivedEntry(each, false)).toList(),
            java.util.Optional.of(position(7)));
    assertThat(b.rejected(log)).isEqualTo(skarb.v1.ErrorReason.ERROR_REASON_SYNC_GAP);
    assertThat(b.catalog().position(STORE)).isZero();
  }

  private static SyncPosition position(long batch) {
    return SyncPosition.newBuilder().setStore(STORE).setBatch(batch).build();
  }

  private static List<EntryDot> needed(DisklessSite site) {
    return site.catalog().wanted(null, 99).stream()
        .filter(site.catalog()::isNeeded)
        .map(WantedBodies::dot)
        .toList();
  }
}
