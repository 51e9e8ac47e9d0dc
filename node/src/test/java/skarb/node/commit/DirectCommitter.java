package skarb.node.commit;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import skarb.node.index.Catalog;
import skarb.node.index.Index;
import skarb.node.model.EntryDot;
import skarb.node.model.NodeException;
import skarb.node.model.SiteId;
import skarb.v1.ErrorReason;

/// Decides and applies one batch at a time on the test's own thread, without a log.
final class DirectCommitter {
  private final Index index;
  private final HybridClock clock;
  private final OwnOrigin origin;
  private final PendingSet pending = new PendingSet();
  private final List<ByteString> records = new ArrayList<>();
  private Optional<EntryDot> twin = Optional.empty();

  DirectCommitter(Index index, ManualClock wall) {
    this(7, index, wall);
  }

  DirectCommitter(int site, Index index, ManualClock wall) {
    this(site, site, index, wall);
  }

  /// @param seed of its origins: another one for each start
  DirectCommitter(int site, long seed, Index index, ManualClock wall) {
    Catalog catalog = new Catalog(index);
    this.index = index;
    this.clock = new HybridClock(wall, catalog.highestStamp());
    this.origin =
        new OwnOrigin(
            CommitConfig.of(new SiteId(site), "test"), new SplittableRandom(seed), catalog.heads());
  }

  /// Every record so far.
  List<ByteString> records() {
    return records;
  }

  /// The entry of another origin of this site that came in last; empty mostly.
  Optional<EntryDot> twin() {
    return twin;
  }

  Outcome perform(Submission submission) {
    CommitBatch batch = new CommitBatch(Duration.ofSeconds(60), clock, origin, pending, index);
    batch.add(new Ticket(submission));
    twin = batch.twin();
    if (!batch.records().isEmpty()) {
      index.apply(index.appliedBatch() + 1, batch.changes());
      records.addAll(batch.records());
    }
    return batch.decided().getFirst().outcome();
  }

  Committed done(Mutation mutation) {
    Outcome outcome = perform(Requests.submission(mutation));
    if (outcome instanceof Outcome.Done(Committed committed)) {
      return committed;
    }
    throw new AssertionError(mutation + " gave " + outcome);
  }

  ErrorReason rejected(Mutation mutation) {
    return rejection(Requests.submission(mutation)).reason();
  }

  NodeException rejection(Submission submission) {
    Outcome outcome = perform(submission);
    if (outcome instanceof Outcome.Failed(NodeException reason)) {
      return reason;
    }
    throw new AssertionError(submission + " gave " + outcome);
  }
}
