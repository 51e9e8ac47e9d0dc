package skarb.node.service;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import skarb.node.commit.CommitPipeline;
import skarb.node.index.Catalog;
import skarb.node.index.KeptConflicts;
import skarb.node.index.MemberRow;
import skarb.node.model.SiteId;
import skarb.node.oplog.Backlog;
import skarb.node.oplog.PeerLag;
import skarb.node.oplog.PeerProgress;
import skarb.node.oplog.Replication;
import skarb.node.peers.LinkStatus;
import skarb.node.peers.LinkStatuses;
import skarb.node.peers.PeerRecord;
import skarb.node.peers.PeerRegistry;
import skarb.v1.Count;
import skarb.v1.GetReplicationStatusResponse;
import skarb.v1.PeerReport;
import skarb.v1.PeerState;
import skarb.v1.PendingCount;

/// Puts together what operators see of the exchange with other sites: from the members of the
/// realm, the peers that are registered here, what the streams told, and how the driver fares.
final class PeerReports {
  private final Replication replication;
  private final Catalog catalog;
  private final KeptConflicts conflicts;
  private final PeerRegistry registry;
  private final LinkStatuses links;
  private final CommitPipeline commits;

  PeerReports(
      Replication replication,
      Catalog catalog,
      KeptConflicts conflicts,
      PeerRegistry registry,
      LinkStatuses links,
      CommitPipeline commits) {
    this.replication = replication;
    this.catalog = catalog;
    this.conflicts = conflicts;
    this.registry = registry;
    this.links = links;
    this.commits = commits;
  }

  GetReplicationStatusResponse now() {
    Backlog backlog = replication.backlog();
    int kept = conflicts.count(Backlog.MOST);
    GetReplicationStatusResponse.Builder response =
        GetReplicationStatusResponse.newBuilder()
            .setSiteId(replication.identity().site().toString())
            .setSiteName(replication.identity().name())
            .setPending(count(backlog.pending(), backlog.pendingMore()))
            .setConflicts(count(kept, kept == Backlog.MOST))
            .setWantedBodies(count(backlog.wantedBodies(), backlog.wantedMore()))
            .setClockAheadMillis(commits.clockAhead().toMillis())
            .setClockAheadAccepted(commits.isClockAheadAccepted());
    backlog
        .pendingByReason()
        .forEach((reason, count) ->
            response.addPendingByReason(
                PendingCount.newBuilder().setReason(reason).setCount(count)));
    List<PeerReport> reports = new ArrayList<>();
    Set<SiteId> members = new HashSet<>();
    for (MemberRow member : catalog.members()) {
      if (!member.value().getLeft() && !member.site().equals(replication.identity().site())) {
        members.add(member.site());
        reports.add(report(member.site(), member.value().getName(), true, backlog));
      }
    }
    for (PeerRecord peer : registry.all()) {
      if (!members.contains(peer.site())) {
        reports.add(report(peer.site(), peer.name(), false, backlog));
      }
    }
    reports.sort(Comparator.comparing(PeerReport::getName).thenComparing(PeerReport::getSiteId));
    return response.addAllPeers(reports).build();
  }

  private static Count.Builder count(long count, boolean more) {
    return Count.newBuilder().setCount(count).setMore(more);
  }

  private PeerReport report(SiteId site, String name, boolean member, Backlog backlog) {
    Optional<PeerRecord> record = registry.find(site);
    Optional<LinkStatus> link = links.of(site);
    PeerProgress.Snapshot progress = replication.progress(site);
    PeerReport.Builder report =
        PeerReport.newBuilder()
            .setSiteId(site.toString())
            .setName(name)
            .setMember(member)
            .setState(state(record, link, progress))
            .setLastError(
                link.map(LinkStatus::lastError)
                    .filter(error -> !error.isEmpty())
                    .orElse(progress.lastError()))
            .setEntriesSent(progress.entriesSent())
            .setEntriesReceived(progress.entriesReceived());
    record.ifPresent(
        peer -> report.setAddress(peer.address()).setBytesPerSecond(peer.bytesPerSecond()));
    link.ifPresent(status ->
        report
            .setAttempts(status.attempts())
            .setBytesSent(status.bytesSent())
            .setBytesReceived(status.bytesReceived()));
    long contact =
        Math.max(progress.lastContactMillis(), link.map(LinkStatus::lastContactMillis).orElse(0L));
    if (contact > 0) {
      report.setLastContact(Answers.timestamp(contact));
    }
    replication.lag(site, backlog, progress).ifPresent(lag -> add(report, lag));
    return report.build();
  }

  private static void add(PeerReport.Builder report, PeerLag lag) {
    report
        .setEntriesToSend(lag.entriesToSend())
        .setEntriesToReceive(lag.entriesToReceive())
        .setEntriesBehind(lag.entriesToSend() + lag.entriesToReceive())
        .setBytesToSend(lag.bytesToSend())
        .setBytesToReceive(lag.bytesToReceive())
        .setBytesBehind(lag.bytesToSend() + lag.bytesToReceive())
        .setBytesAreAtLeast(lag.bytesAreAtLeast())
        .setPending(lag.pending());
    lag.seconds().ifPresent(report::setSecondsBehind);
  }

  /// Streams that are open say more than what this node itself does about them: the other site may
  /// have dialled.
  private static PeerState state(
      Optional<PeerRecord> record, Optional<LinkStatus> link, PeerProgress.Snapshot progress) {
    if (progress.streams() > 0) {
      return PeerState.PEER_STATE_LIVE;
    }
    if (record.isPresent() && record.get().paused()) {
      return PeerState.PEER_STATE_PAUSED;
    }
    if (link.isPresent()) {
      return switch (link.get().state()) {
        case CONNECTING, LIVE -> PeerState.PEER_STATE_CONNECTING;
        case BACKING_OFF -> PeerState.PEER_STATE_BACKING_OFF;
        case REFUSED -> PeerState.PEER_STATE_REFUSED;
        case STOPPED -> PeerState.PEER_STATE_DISCONNECTED;
      };
    }
    if (progress.refused()) {
      return PeerState.PEER_STATE_REFUSED;
    }
    return progress.lastContactMillis() == 0
        ? PeerState.PEER_STATE_NEVER_CONNECTED
        : PeerState.PEER_STATE_DISCONNECTED;
  }
}
