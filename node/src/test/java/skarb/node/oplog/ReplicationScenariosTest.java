package skarb.node.oplog;

import static org.assertj.core.api.Assertions.assertThat;
import static skarb.node.oplog.ScenarioWorld.ANN;
import static skarb.node.oplog.ScenarioWorld.B;

import com.google.protobuf.UnknownFieldSet;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import skarb.node.commit.DisklessSite;
import skarb.node.index.LoggedEntry;
import skarb.node.index.ObjectVersion;
import skarb.node.model.EntryDot;
import skarb.node.model.OriginId;
import skarb.node.model.SiteId;
import skarb.node.oplog.ScenarioWorld.Peer;
import skarb.v1.Effect;
import skarb.v1.Entry;
import skarb.v1.Versioning;

/// Histories that went wrong under some earlier form of the rules, one a rule. After each all sites
/// exchange what they have, and are held against all that they had answered.
class ReplicationScenariosTest {
  private final ScenarioWorld two = new ScenarioWorld(2);
  private final ScenarioWorld three = new ScenarioWorld(3);

  /// A tombstone was dropped at one site alone; an older write that it had not seen comes late,
  /// from a site that was left out.
  @Test
  void latePutAfterDrop() {
    Peer a = three.peers.get(0);
    Peer b = three.peers.get(1);
    Peer c = three.peers.get(2);
    a.site.createBucket(ANN, B);
    a.put("k", "1");
    three.syncAll();
    c.site.advance(-50_000);
    EntryDot late = c.put("k", "2");
    three.advance(10);
    a.delete("k");
    a.setMember(c, true);
    for (int i = 0; i < 3; i++) {
      three.sync(a, b);
    }
    for (int i = 0; i < 3; i++) {
      a.collect();
    }
    assertThat(a.hasNullRow(a.bucket(), "k")).isFalse();
    assertThat(b.hasNullRow(a.bucket(), "k")).isTrue();

    three.sync(a, c);
    three.sync(a, b);
    three.sync(b, c);
    three.sync(a, b);

    three.healAndCheck();
    assertThat(a.conflicts("k")).extracting(ObjectVersion::dot).containsExactly(late);
  }

  /// A newcomer joins from what was before a deletion, and writes; another site that does not count
  /// it yet may not drop the tombstone.
  @Test
  void newcomerUnseenByTheMatrix() {
    Peer a = two.peers.get(0);
    Peer b = two.peers.get(1);
    a.site.createBucket(ANN, B);
    a.put("k", "1");
    two.syncAll();
    Peer n = two.add();
    a.setMember(n, false);
    two.stream(a, n);
    n.site.advance(-40_000);
    n.put("k", "9");
    two.advance(5);
    b.delete("k");
    two.stream(b, a);
    b.matrix.learn(new SiteId(a.id), Vectors.joined(a.site.catalog()));
    b.collect();
    two.stream(a, b);
    b.matrix.learn(new SiteId(a.id), Vectors.joined(a.site.catalog()));
    b.collect();
    b.collect();

    assertThat(b.hasNullRow(b.bucket(), "k")).as("the newcomer has not seen the deletion").isTrue();
    two.healAndCheck();
  }

  /// The newcomer's row, which covers the tombstone, comes before its older write does.
  @Test
  void newcomersRowBeforeItsPut() {
    Peer a = two.peers.get(0);
    Peer b = two.peers.get(1);
    a.site.createBucket(ANN, B);
    a.put("k", "1");
    two.syncAll();
    Peer n = two.add();
    a.setMember(n, false);
    two.stream(a, n);
    n.site.advance(-40_000);
    n.put("k", "9");
    two.advance(5);
    b.delete("k");
    two.stream(b, a);
    b.matrix.learn(new SiteId(a.id), Vectors.joined(a.site.catalog()));
    b.collect();
    two.stream(a, b);
    two.stream(a, n);
    b.matrix.learn(new SiteId(a.id), Vectors.joined(a.site.catalog()));
    b.matrix.learn(new SiteId(n.id), Vectors.joined(n.site.catalog()));
    b.collect();
    two.stream(b, a);
    two.stream(a, n);
    b.matrix.learn(new SiteId(n.id), Vectors.joined(n.site.catalog()));
    b.matrix.learn(new SiteId(a.id), Vectors.joined(a.site.catalog()));
    b.collect();

    assertThat(b.hasNullRow(b.bucket(), "k")).as("an older write is under way").isTrue();
    two.healAndCheck();
  }

  /// A disk is put back; what is written then uses no number of before.
  @Test
  void rollbackReusesNoNumber() {
    Peer a = three.peers.get(0);
    Peer b = three.peers.get(1);
    Peer c = three.peers.get(2);
    a.site.createBucket(ANN, B);
    three.syncAll();
    int records = a.site.records().size();
    EntryDot lost = a.put("k", "old1");
    a.put("l", "old2");
    three.stream(a, b);
    three.advance(1_000);
    a.restart(a.site.restartedWith(records));
    EntryDot anew = a.put("k", "new1");
    a.put("m", "new2");
    three.stream(a, c);
    three.sync(b, c);

    assertThat(anew.origin()).isNotEqualTo(lost.origin());
    three.healAndCheck();
  }

  @Test
  void resolvedTwice() {
    Peer a = three.peers.get(0);
    Peer b = three.peers.get(1);
    a.site.createBucket(ANN, B);
    three.syncAll();
    a.put("k", "1");
    three.advance(3);
    b.put("k", "2");
    three.syncAll();
    assertThat(a.conflicts("k")).hasSize(1);
    a.settle("k");
    b.settle("k");
    three.stream(a, three.peers.get(2));
    three.sync(b, three.peers.get(2));

    three.healAndCheck();
    assertThat(a.conflicts("k")).isEmpty();
  }

  @Test
  void nullVersionAndASwitchOfVersioning() {
    Peer a = two.peers.get(0);
    Peer b = two.peers.get(1);
    a.site.createBucket(ANN, B);
    a.site.setVersioning(ANN, B, Versioning.VERSIONING_SUSPENDED);
    a.put("k", "1");
    two.syncAll();
    a.site.setVersioning(ANN, B, Versioning.VERSIONING_ENABLED);
    a.put("k", "2");
    two.advance(5);
    b.put("k", "3");
    a.delete("k");

    two.healAndCheck();
  }

  @Test
  void deletionOfABucketRacesAPut() {
    Peer a = two.peers.get(0);
    Peer b = two.peers.get(1);
    a.site.createBucket(ANN, B);
    two.syncAll();
    b.put("k", "1");
    a.site.deleteBucket(ANN, B);

    two.healAndCheck();
    assertThat(a.current("k")).isPresent();
  }

  @Test
  void aRevivedBucketDoesNotTakeItsNameBack() {
    Peer a = two.peers.get(0);
    Peer b = two.peers.get(1);
    a.site.createBucket(ANN, B);
    two.syncAll();
    b.put("k", "1");
    a.site.deleteBucket(ANN, B);
    two.advance(9);
    a.site.createBucket("bob", B);

    two.healAndCheck();
    assertThat(b.site.catalog().bucket(B).orElseThrow().value().getOwnerId()).isEqualTo("bob");
    assertThat(b.site.catalog().bucketsOf(ANN, "", "", 10)).hasSize(1);
  }

  /// A stamp an hour ahead is pending elsewhere while others write; then the clock is mended.
  @Test
  void pendingIsSuperseded() {
    Peer a = two.peers.get(0);
    Peer b = two.peers.get(1);
    b.site.createBucket(ANN, B);
    two.syncAll();
    a.site.advance(3_600_000);
    EntryDot ahead = a.put("k", "1");
    two.stream(a, b);
    assertThat(b.site.catalog().pending(null, 9)).extracting(each -> each.dot()).contains(ahead);
    EntryDot unseen = b.put("k", "2");
    two.sync(a, b);
    a.put("k", "3");
    b.put("z", "4");

    two.healAndCheck();
    assertThat(a.conflicts("k")).extracting(ObjectVersion::dot).doesNotContain(ahead);
    assertThat(unseen).isNotEqualTo(ahead);
  }

  /// What this release cannot read may be about any key: nothing written meanwhile has seen it,
  /// whatever else is wrong with it.
  @Test
  void whatCannotBeReadWasSeenByNoWrite() {
    Peer a = two.peers.get(0);
    Peer b = two.peers.get(1);
    a.site.createBucket(ANN, B);
    two.syncAll();
    a.site.advance(3_600_000);
    LoggedEntry known = a.entry(a.put("k", "1"));
    Effect later =
        known.entry().getEffects(0).toBuilder()
            .setUnknownFields(
                UnknownFieldSet.newBuilder()
                    .addField(999, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
                    .build())
            .build();
    Entry changed = known.entry().toBuilder().setEffects(0, later).build();
    List<LoggedEntry> all = new ArrayList<>(a.site.entries());
    all.set(all.size() - 1, new LoggedEntry(changed, changed.toByteString()));
    b.site.log(all);

    for (String key : new String[] {"k", "other"}) {
      LoggedEntry own = b.entry(b.put(key, "2"));
      assertThat(own.entry().getHeader().getSeen().getReducedList())
          .contains(known.dot().toProto());
    }
  }

  /// What acted is not judged again by a clock that went back.
  @Test
  void clockGoesBackBeforeAReplay() {
    Peer a = two.peers.get(0);
    Peer b = two.peers.get(1);
    b.site.createBucket(ANN, B);
    two.syncAll();
    a.site.advance(50_000);
    a.put("k", "1");
    two.stream(a, b);
    VersionVector before = Vectors.joined(b.site.catalog());
    b.site.advance(-3_600_000);
    b.restart(b.site.restarted());

    assertThat(Vectors.joined(b.site.catalog()).coversAll(before)).isTrue();
    two.healAndCheck();
  }

  /// Many writes offline against one: one write was lost, so one conflict is kept.
  @Test
  void aStormOfCatchingUpKeepsOneConflict() {
    Peer a = two.peers.get(0);
    Peer b = two.peers.get(1);
    a.site.createBucket(ANN, B);
    two.syncAll();
    for (int i = 0; i < 50; i++) {
      two.advance(1);
      a.put("k", "text " + i);
    }
    two.advance(5);
    b.put("k", "b");

    two.healAndCheck();
    assertThat(a.conflicts("k")).hasSize(1);
    assertThat(b.conflicts("k")).hasSize(1);
  }

  /// The same when entries come one at a time, each in a batch of its own.
  @Test
  void aStormThatComesOneByOneKeepsOneConflict() {
    Peer a = two.peers.get(0);
    Peer b = two.peers.get(1);
    a.site.createBucket(ANN, B);
    two.syncAll();
    for (int i = 0; i < 20; i++) {
      two.advance(1);
      a.put("k", "text " + i);
    }
    two.advance(5);
    b.put("k", "b");
    for (LoggedEntry entry : a.site.entries()) {
      b.site.log(List.of(entry));
    }

    two.healAndCheck();
    assertThat(b.conflicts("k")).hasSize(1);
  }

  /// A write that replaced the winner alone does not clear what the winner had beaten.
  @Test
  void aKeptConflictSurvivesALaterWriter() {
    Peer a = three.peers.get(0);
    Peer b = three.peers.get(1);
    Peer c = three.peers.get(2);
    a.site.createBucket(ANN, B);
    three.syncAll();
    a.put("k", "1");
    three.advance(3);
    b.put("k", "2");
    three.sync(a, c);
    three.stream(b, a);
    a.put("k", "3");
    three.stream(b, c);
    three.syncAll();
    c.put("k", "4");

    three.healAndCheck();
    assertThat(a.conflicts("k")).hasSize(1);
  }

  /// A site is taken out with writes that nobody has, and comes back: into a bucket that was
  /// deleted meanwhile too. Journals are kept whole so far, so it needs nothing but the exchange.
  @Test
  void leavesAndComesBack() {
    Peer a = three.peers.get(0);
    Peer b = three.peers.get(1);
    Peer c = three.peers.get(2);
    a.site.createBucket(ANN, B);
    a.put("x", "0");
    a.site.createBucket(ANN, "second");
    three.syncAll();
    c.put("k", "5");
    EntryDot second = c.site.catalog().bucket("second").orElseThrow().incarnation();
    c.put("second", "k", "6");
    a.delete("x");
    a.site.deleteBucket(ANN, "second");
    a.setMember(c, true);
    for (int i = 0; i < 4; i++) {
      three.sync(a, b);
      a.collect();
      b.collect();
    }
    assertThat(a.hasNullRow(a.bucket(), "x")).isFalse();

    three.healAndCheck();
    assertThat(b.site.catalog().bucket("second").orElseThrow().incarnation()).isEqualTo(second);
  }

  @Test
  void tombstonesAreDroppedInTheEnd() {
    Peer a = three.peers.get(0);
    Peer b = three.peers.get(1);
    a.site.createBucket(ANN, B);
    a.put("k", "1");
    three.syncAll();
    b.delete("k");
    a.site.setVersioning(ANN, B, Versioning.VERSIONING_ENABLED);
    a.put("v", "2");
    a.delete("v", a.current("v").orElseThrow().versionId());

    three.healAndCheck();
    for (Peer each : three.peers) {
      assertThat(each.site.catalog().graves(null, 10)).isEmpty();
    }
  }

  /// Deletes made while the other site could not be reached arrive when it can.
  @Test
  void deletesMadeWhileThePeerIsDown() {
    Peer a = two.peers.get(0);
    Peer b = two.peers.get(1);
    a.site.createBucket(ANN, B);
    for (int i = 0; i < 10; i++) {
      a.put("k" + i, "text");
    }
    two.syncAll();
    for (int i = 0; i < 10; i++) {
      a.delete("k" + i);
    }
    a.restart(a.site.restarted());
    b.restart(b.site.restarted());

    two.healAndCheck();
    for (int i = 0; i < 10; i++) {
      assertThat(b.current("k" + i)).isEmpty();
    }
  }

  /// Delete markers made at both sites at once are two versions, at both.
  @Test
  void deleteMarkersFromBothSidesAtOnce() {
    Peer a = two.peers.get(0);
    Peer b = two.peers.get(1);
    a.site.createBucket(ANN, B);
    a.site.setVersioning(ANN, B, Versioning.VERSIONING_ENABLED);
    a.put("k", "1");
    two.syncAll();
    a.delete("k");
    b.delete("k");

    two.healAndCheck();
    assertThat(a.current("k").orElseThrow().isDeleteMarker()).isTrue();
    assertThat(a.current("k")).isEqualTo(b.current("k"));
  }

  /// A clock an hour ahead: later writes that had seen what it wrote still win, and nothing is
  /// frozen for ever.
  @Test
  void aClockAnHourAheadFreezesNothing() {
    Peer a = two.peers.get(0);
    Peer b = two.peers.get(1);
    a.site.createBucket(ANN, B);
    two.syncAll();
    a.site.advance(3_600_000);
    a.put("k", "of tomorrow");
    two.syncAll();
    b.put("k", "of today");
    two.advance(3_600_000);
    two.syncAll();
    b.site.release();
    EntryDot later = b.put("k", "had seen both");

    two.healAndCheck();
    assertThat(a.current("k").orElseThrow().dot()).isEqualTo(later);
  }

  /// A site that joins a realm whose first site had deleted a bucket and a key before there was a
  /// realm reads the journal from its beginning, and serves while it does.
  @Test
  void whatWasDeletedBeforeThereWasASecondSiteDoesNotComeBackThroughIt() {
    ScenarioWorld world = new ScenarioWorld(1);
    Peer a = world.peers.getFirst();
    DisklessSite lone = new DisklessSite(a.id);
    lone.createBucket(ANN, B);
    lone.deleteBucket(ANN, B);
    lone.createBucket(ANN, "other");
    lone.put(ANN, "other", "k", "1");
    int upToCreation = 2;
    lone.advance(1_000);
    a.restart(lone);
    Peer late = world.add();
    a.setMember(a, false);
    a.setMember(late, false);
    late.setMember(a, false);
    late.setMember(late, false);
    late.site.log(a.site.entries().subList(0, upToCreation));
    assertThat(late.site.catalog().bucket(B)).isPresent();
    late.put("k", "into a bucket that is deleted elsewhere");

    world.healAndCheck();
    assertThat(a.current("k")).isPresent();
  }

  @Test
  void aNewOriginBeginsWithTheFirstWriteAfterEachStart() {
    Peer a = two.peers.get(0);
    a.site.createBucket(ANN, B);
    OriginId first = a.put("k", "1").origin();
    a.restart(a.site.restarted());
    OriginId second = a.put("k", "2").origin();
    assertThat(second).isNotEqualTo(first);
    assertThat(second.site()).isEqualTo(first.site());
    two.healAndCheck();
  }
}
