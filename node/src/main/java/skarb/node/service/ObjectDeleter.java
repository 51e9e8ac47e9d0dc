package skarb.node.service;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import skarb.node.commit.CommitPipeline;
import skarb.node.commit.Committed;
import skarb.node.commit.Mutation;
import skarb.node.commit.Outcome;
import skarb.node.commit.Submission;
import skarb.node.model.NodeException;
import skarb.node.model.ObjectKey;
import skarb.node.model.VersionId;
import skarb.v1.DeleteBatchItem;
import skarb.v1.DeleteBatchOutcome;
import skarb.v1.DeleteBatchRequest;
import skarb.v1.DeleteBatchResponse;
import skarb.v1.DeleteFailure;
import skarb.v1.DeleteRequest;
import skarb.v1.DeleteResponse;
import skarb.v1.ErrorReason;
import skarb.v1.WriteConditions;

/// Deletes objects, one or many.
final class ObjectDeleter {
  static final int MAX_ITEMS = 1000;

  private final Buckets buckets;
  private final CommitPipeline commits;

  ObjectDeleter(Buckets buckets, CommitPipeline commits) {
    this.buckets = buckets;
    this.commits = commits;
  }

  DeleteResponse delete(DeleteRequest request) {
    Buckets.Reached reached = buckets.reach(request.getBucket());
    Submission submission =
        submission(
            reached,
            request.getKey(),
            request.hasVersionId() ? Optional.of(request.getVersionId()) : Optional.empty(),
            request.getConditions());
    return response(commits.commit(submission));
  }

  /// Items that are no good fail by themselves, and the others go on. Where the caller's own key
  /// has changed nothing of it counts, and the call fails as a whole: the caller verifies again and
  /// repeats it, which deleting allows.
  DeleteBatchResponse deleteBatch(DeleteBatchRequest request) {
    if (request.getItemsCount() < 1 || request.getItemsCount() > MAX_ITEMS) {
      throw Requests.invalid("items", "a batch has 1 to 1,000 items");
    }
    Buckets.Reached reached = buckets.reach(request.getBucket());
    List<@Nullable NodeException> refusals = new ArrayList<>();
    List<Submission> submissions = new ArrayList<>();
    for (DeleteBatchItem item : request.getItemsList()) {
      try {
        submissions.add(
            submission(
                reached,
                item.getKey(),
                item.hasVersionId() ? Optional.of(item.getVersionId()) : Optional.empty(),
                item.getConditions()));
        refusals.add(null);
      } catch (NodeException refusal) {
        refusals.add(refusal);
      }
    }
    List<Outcome> outcomes = commits.commitAll(submissions);
    DeleteBatchResponse.Builder response = DeleteBatchResponse.newBuilder();
    int next = 0;
    for (NodeException refusal : refusals) {
      response.addOutcomes(refusal != null ? failure(refusal) : outcome(outcomes.get(next++)));
    }
    return response.build();
  }

  private static Submission submission(
      Buckets.Reached reached, String key, Optional<String> versionId, WriteConditions conditions) {
    Requests.checkConditions(conditions);
    return Submission.of(
        new Mutation.DeleteObject(
            reached.principal().userId(),
            reached.name(),
            ObjectKey.of(key),
            versionId.map(VersionId::parse),
            conditions),
        Optional.of(reached.principal().fence()));
  }

  private static DeleteBatchOutcome outcome(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Done(Committed committed) ->
          DeleteBatchOutcome.newBuilder().setDeleted(response(committed)).build();
      case Outcome.Failed(NodeException reason) -> {
        if (reason.reason() == ErrorReason.ERROR_REASON_KEY_CHANGED) {
          throw reason;
        }
        yield failure(reason);
      }
    };
  }

  private static DeleteBatchOutcome failure(NodeException reason) {
    String message = reason.getMessage();
    return DeleteBatchOutcome.newBuilder()
        .setFailure(
            DeleteFailure.newBuilder()
                .setReason(StatusMapper.reasonName(reason.reason()))
                .setMessage(message == null ? "" : message))
        .build();
  }

  private static DeleteResponse response(Committed committed) {
    if (!(committed.answer() instanceof Committed.ObjectDeleted deleted)) {
      throw new IllegalStateException("not the answer to a DeleteObject: " + committed);
    }
    DeleteResponse.Builder response =
        DeleteResponse.newBuilder().setDeleteMarker(deleted.deleteMarker());
    deleted.versionId().map(VersionId::text).ifPresent(response::setVersionId);
    return response.build();
  }
}
