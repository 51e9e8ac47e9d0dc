package skarb.node.service;

import io.grpc.stub.StreamObserver;
import java.time.Duration;
import skarb.node.commit.CommitPipeline;
import skarb.node.index.Catalog;
import skarb.node.index.IndexView;
import skarb.node.index.KeptConflicts;
import skarb.node.oplog.Replication;
import skarb.node.peers.LinkStatuses;
import skarb.node.peers.PeerRegistry;
import skarb.v1.GetConflictRequest;
import skarb.v1.GetConflictResponse;
import skarb.v1.GetReplicationStatusRequest;
import skarb.v1.GetReplicationStatusResponse;
import skarb.v1.ListConflictsRequest;
import skarb.v1.ListConflictsResponse;
import skarb.v1.ListPendingRequest;
import skarb.v1.ListPendingResponse;
import skarb.v1.ReplicationGrpc;
import skarb.v1.ResetClockRequest;
import skarb.v1.ResetClockResponse;
import skarb.v1.ResolveConflictRequest;
import skarb.v1.ResolveConflictResponse;

/// `skarb.v1.Replication`.
public final class ReplicationService extends ReplicationGrpc.ReplicationImplBase {
  private final PeerReports reports;
  private final ConflictDesk conflicts;
  private final PendingReports pending;
  private final CommitPipeline commits;

  /// @param registry the peers that this node dials
  /// @param links how the exchanges with them go
  /// @param wait where a body that is restored waits for its bytes
  public ReplicationService(
      Replication replication,
      IndexView rows,
      PeerRegistry registry,
      LinkStatuses links,
      CommitPipeline commits,
      BodyWait wait) {
    Catalog catalog = new Catalog(rows);
    KeptConflicts kept = new KeptConflicts(rows);
    this.reports = new PeerReports(replication, catalog, kept, registry, links, commits);
    this.conflicts = new ConflictDesk(catalog, kept, commits, wait);
    this.pending = new PendingReports(catalog);
    this.commits = commits;
  }

  @Override
  public void getStatus(
      GetReplicationStatusRequest request, StreamObserver<GetReplicationStatusResponse> responses) {
    responses.onNext(reports.now());
    responses.onCompleted();
  }

  @Override
  public void listConflicts(
      ListConflictsRequest request, StreamObserver<ListConflictsResponse> responses) {
    responses.onNext(conflicts.list(request));
    responses.onCompleted();
  }

  @Override
  public void getConflict(
      GetConflictRequest request, StreamObserver<GetConflictResponse> responses) {
    responses.onNext(
        GetConflictResponse.newBuilder()
            .setConflict(
                conflicts.get(request.getBucket(), request.getKey(), request.getVersionId()))
            .build());
    responses.onCompleted();
  }

  @Override
  public void resolveConflict(
      ResolveConflictRequest request, StreamObserver<ResolveConflictResponse> responses) {
    responses.onNext(conflicts.resolve(request));
    responses.onCompleted();
  }

  @Override
  public void listPending(
      ListPendingRequest request, StreamObserver<ListPendingResponse> responses) {
    responses.onNext(pending.list(request));
    responses.onCompleted();
  }

  @Override
  public void resetClock(ResetClockRequest request, StreamObserver<ResetClockResponse> responses) {
    boolean refusing = commits.acceptClockAhead();
    Duration ahead = commits.clockAhead();
    responses.onNext(
        ResetClockResponse.newBuilder()
            .setAheadMillis(ahead.toMillis())
            .setWasRefusing(refusing)
            .build());
    responses.onCompleted();
  }
}
