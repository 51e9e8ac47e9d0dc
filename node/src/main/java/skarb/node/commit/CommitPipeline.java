package skarb.node.commit;

import java.io.IOException;
import java.util.List;
import skarb.node.index.Index;
import skarb.node.journal.CommitLog;
import skarb.node.model.NodeException;
import skarb.node.model.Seams;

/// The one committer.
public final class CommitPipeline implements AutoCloseable {

  /// Starts the committer on a log and the index that was brought up to its end.
  public CommitPipeline(
      Seams seams, CommitConfig config, CommitLog log, Index index, BodyPlaces places) {
    throw new UnsupportedOperationException(
        "not built yet " + seams + config + log + index + places);
  }

  /// Commits one mutation and waits until it is durable and visible.
  ///
  /// @throws NodeException with the reason, where it was rejected or refused
  public Committed commit(Submission submission) {
    return switch (commitAll(List.of(submission)).getFirst()) {
      case Outcome.Done(Committed committed) -> committed;
      case Outcome.Failed(NodeException reason) -> throw reason;
    };
  }

  /// Commits several mutations in one trip through the queue, each by itself: one may be rejected
  /// and the next not.
  ///
  /// @return as many outcomes, in order
  public List<Outcome> commitAll(List<Submission> submissions) {
    if (submissions.isEmpty()) {
      return List.of();
    }
    throw new UnsupportedOperationException("not built yet " + submissions);
  }

  /// Refuses further mutations, commits those that wait, seals the log and closes it.
  @Override
  public void close() throws IOException {}
}
