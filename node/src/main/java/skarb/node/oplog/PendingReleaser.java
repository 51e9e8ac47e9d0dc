package skarb.node.oplog;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import skarb.node.commit.CommitPipeline;
import skarb.node.commit.Mutation;
import skarb.node.commit.Submission;
import skarb.node.index.Bodies;
import skarb.node.index.Catalog;
import skarb.node.index.Join;
import skarb.node.index.LoggedEntry;
import skarb.node.index.PendingEntry;
import skarb.node.model.EntryDot;
import skarb.v1.PendingReason;

/// Lets entries act that were pending and whose time has come. The committer judges; here they are
/// only offered, in order of their dots, and only those that may be ready: those that were written
/// by a later release too, since this one may be it.
final class PendingReleaser {
  private static final int STEP = 256;

  private final InstantSource clock;
  private final Catalog catalog;
  private final CommitPipeline commits;
  private final BodyPresence presence;

  PendingReleaser(
      InstantSource clock, Catalog catalog, CommitPipeline commits, BodyPresence presence) {
    this.clock = clock;
    this.catalog = catalog;
    this.commits = commits;
    this.presence = presence;
  }

  /// Offers once all that may be ready.
  void step() {
    EntryDot after = null;
    while (true) {
      List<PendingEntry> page = catalog.pending(after, STEP);
      if (page.isEmpty()) {
        return;
      }
      after = page.getLast().dot();
      List<Mutation.PendingEntry> offered = new ArrayList<>();
      for (PendingEntry each : page) {
        LoggedEntry entry = LoggedEntry.parse(each.row().getEntry());
        if (mayAct(each.row().getReason(), entry)) {
          offered.add(new Mutation.PendingEntry(each.dot(), isWanted(entry)));
        }
      }
      if (!offered.isEmpty()) {
        commits.commitFromPeer(
            Submission.of(new Mutation.ReleaseEntries(offered), Optional.empty()));
      }
    }
  }

  private boolean mayAct(PendingReason reason, LoggedEntry entry) {
    long ahead = entry.order().hlc().millis() - clock.millis();
    return reason != PendingReason.PENDING_REASON_MALFORMED
        && ahead <= commits.maxAhead().toMillis()
        && Join.unfit(entry).isEmpty();
  }

  private boolean isWanted(LoggedEntry entry) {
    return !presence.hasAll(Bodies.of(entry.entry()).getManifestsList());
  }
}
