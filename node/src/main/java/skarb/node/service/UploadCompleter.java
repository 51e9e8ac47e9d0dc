package skarb.node.service;

import com.google.protobuf.ByteString;
import java.util.Optional;
import skarb.node.commit.CommitPipeline;
import skarb.node.commit.Committed;
import skarb.node.commit.CompletedUploads;
import skarb.node.commit.Mutation;
import skarb.node.commit.Submission;
import skarb.node.index.BucketRow;
import skarb.node.index.Catalog;
import skarb.node.index.OpenUpload;
import skarb.node.index.Uploads;
import skarb.node.model.NodeException;
import skarb.node.model.ObjectKey;
import skarb.node.model.UploadName;
import skarb.v1.CompleteUploadRequest;
import skarb.v1.CompletedUpload;
import skarb.v1.ErrorReason;
import skarb.v1.PutResult;

/// Completes uploads in parts.
///
/// ```
///  1. is it open?                 no: was it completed just so? the same answer : NO_SUCH_UPLOAD
///  2. the parts' revision
///  3. the parts: checked and put together ([UploadAssembler]), outside the committer
///  4. commit                      the revision is another by now: again from 1
/// ```
///
/// Ten thousand parts are walked through in step 3, by this call's own thread; the committer
/// compares one number. What is found wrong in step 3 counts only if the upload still stands as it
/// did in step 2: else it may be half of what a racing call left behind.
final class UploadCompleter {
  /// Whoever overtakes a completion so often is not waiting for it.
  private static final int ATTEMPTS = 16;

  private static final int MAX_TOKEN_LENGTH = 128;

  private final Catalog catalog;
  private final Uploads uploads;
  private final Buckets buckets;
  private final Bodies bodies;
  private final CommitPipeline commits;
  private final UploadAssembler assembler;

  UploadCompleter(Catalog catalog, Buckets buckets, Bodies bodies, CommitPipeline commits) {
    this.catalog = catalog;
    this.uploads = catalog.uploads();
    this.buckets = buckets;
    this.bodies = bodies;
    this.commits = commits;
    this.assembler = new UploadAssembler(uploads, bodies);
  }

  /// What is to be completed.
  private record Asked(
      CompleteUploadRequest request,
      Buckets.Reached reached,
      ObjectKey key,
      UploadName upload,
      PartsAskedFor parts,
      ByteString hash) {
    BucketRow bucket() {
      return reached.bucket();
    }
  }

  /// Completes an upload. When this returns, the object is on disk.
  PutResult complete(CompleteUploadRequest request) {
    Buckets.Reached reached = buckets.reach(request.getBucket());
    ObjectKey key = ObjectKey.of(request.getKey());
    Requests.checkConditions(request.getConditions());
    Requests.checkChecksums("expected", request.getExpected());
    if (request.getIdempotencyToken().length() > MAX_TOKEN_LENGTH) {
      throw Requests.invalid("idempotency_token", "the token is over 128 characters");
    }
    UploadName upload = UploadFinder.name(request.getUploadId());
    PartsAskedFor parts = PartsAskedFor.of(request.getPartsList());
    Asked asked = new Asked(request, reached, key, upload, parts, parts.hash());
    try {
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        Optional<CompletedUpload> completed = attempt(asked);
        if (completed.isPresent()) {
          return UploadAnswers.completed(completed.get());
        }
      }
    } catch (InterruptedException e) {
      throw ObjectWriter.interrupted();
    }
    throw new NodeException(
        ErrorReason.ERROR_REASON_OVERLOADED, "the parts change faster than they are completed");
  }

  /// Empty where the parts changed meanwhile.
  private Optional<CompletedUpload> attempt(Asked asked) throws InterruptedException {
    Optional<OpenUpload> open = find(asked);
    if (open.isEmpty()) {
      return Optional.of(
          CompletedUploads.same(
              catalog,
              asked.bucket(),
              asked.key(),
              asked.upload(),
              asked.hash(),
              asked.request().getIdempotencyToken()));
    }
    bodies.mustTakeWrites(commits);
    long revision = uploads.revision(asked.upload()).orElse(0);
    UploadAssembler.Assembled assembled;
    try {
      assembled = assembler.assemble(open.get(), asked.parts(), asked.request());
    } catch (NodeException e) {
      if (standsAt(revision, asked)) {
        throw e;
      }
      return Optional.empty();
    }
    Committed committed = commits.commit(submission(asked, revision, assembled));
    return switch (committed.answer()) {
      case Committed.UploadCompleted(CompletedUpload completed) -> Optional.of(completed);
      case Committed.PrepareAgain _ -> Optional.empty();
      default -> throw new IllegalStateException("not of a CompleteUpload: " + committed);
    };
  }

  private Optional<OpenUpload> find(Asked asked) {
    return catalog
        .in(asked.bucket())
        .uploads()
        .find(asked.bucket().incarnation(), asked.key().bytes(), asked.upload());
  }

  private boolean standsAt(long revision, Asked asked) {
    return find(asked).isPresent() && uploads.revision(asked.upload()).orElse(0) == revision;
  }

  /// From the submission on its end closes what was assembled, not we.
  private static Submission submission(
      Asked asked, long revision, UploadAssembler.Assembled assembled) {
    String userId = asked.reached().principal().userId();
    try {
      return new Submission(
          new Mutation.CompleteUpload(
              new Mutation.PutObject(
                  userId,
                  asked.reached().name(),
                  asked.key(),
                  assembled.body().toBuilder().setOwnerId(userId).build(),
                  asked.request().getConditions()),
              asked.upload(),
              revision,
              asked.hash(),
              asked.request().getIdempotencyToken()),
          Optional.of(asked.reached().principal().fence()),
          assembled.journaled(),
          assembled::close);
    } catch (RuntimeException e) {
      assembled.close();
      throw e;
    }
  }
}
