package skarb.node.service;

import java.util.Optional;
import skarb.node.commit.CommitPipeline;
import skarb.node.commit.Committed;
import skarb.node.commit.Mutation;
import skarb.node.commit.Submission;
import skarb.node.content.BodyPromise;
import skarb.node.content.BodyWriter;
import skarb.node.content.StoredBody;
import skarb.v1.PartHeader;
import skarb.v1.PartInfo;
import skarb.v1.PartValue;

/// Writes the parts that callers send.
final class PartWriter {
  private final UploadFinder finder;
  private final Bodies bodies;
  private final CommitPipeline commits;

  PartWriter(UploadFinder finder, Bodies bodies, CommitPipeline commits) {
    this.finder = finder;
    this.bodies = bodies;
    this.commits = commits;
  }

  /// What is to be written, allowed so far.
  record Target(UploadFinder.Found found, UploadChecksums checksums, PartHeader header) {}

  /// Checks all that can be checked before the bytes come; the commit looks again.
  Target begin(PartHeader header) {
    UploadFinder.Found found =
        finder.find(header.getBucket(), header.getKey(), header.getUploadId());
    Requests.checkPartHeader(header, CallLimits.MAX_UPLOAD_BYTES);
    UploadChecksums checksums = UploadChecksums.of(found.upload().value());
    checksums.mustBeOfUpload(header.getChecksumAlgorithm());
    checksums.mustBeOfUpload(
        header.getSignedSha256()
            ? header.getExpected().toBuilder().clearSha256().build()
            : header.getExpected());
    bodies.mustTakeWrites(commits);
    return new Target(found, checksums, header);
  }

  /// Opens the target for its bytes.
  BodyWriter open(Target target) {
    return bodies.writer(BodyPromise.of(target.header(), target.checksums().algorithm()));
  }

  /// Commits a part whose bytes are safe. When this returns, it is on disk.
  PartInfo commit(Target target, StoredBody stored) {
    UploadFinder.Found found = target.found();
    PartValue part =
        PartValue.newBuilder()
            .setManifest(stored.manifest())
            .setMd5(stored.md5())
            .setChecksums(stored.checksums())
            .build();
    Mutation put =
        new Mutation.PutPart(
            found.reached().principal().userId(),
            found.reached().name(),
            found.key(),
            found.name(),
            target.header().getPartNumber(),
            part,
            Optional.empty());
    // From here on the submission's end closes the body, not we.
    Committed committed =
        commits.commit(
            new Submission(
                put,
                Optional.of(found.reached().principal().fence()),
                stored.journaled(),
                stored::close));
    if (!(committed.answer() instanceof Committed.PartStored(long millis))) {
      throw new IllegalStateException("not the answer to a PutPart: " + committed);
    }
    return UploadAnswers.part(
        target.header().getPartNumber(), part.toBuilder().setModifiedMillis(millis).build());
  }
}
