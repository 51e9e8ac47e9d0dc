package skarb.node.service;

import com.google.protobuf.ByteString;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import skarb.node.commit.CommitPipeline;
import skarb.node.commit.Committed;
import skarb.node.commit.Conditions;
import skarb.node.commit.Mutation;
import skarb.node.commit.Submission;
import skarb.node.content.BodyPromise;
import skarb.node.content.BodyWriter;
import skarb.node.content.StoredBody;
import skarb.node.index.Catalog;
import skarb.node.index.ObjectVersion;
import skarb.node.model.NodeException;
import skarb.node.model.ObjectKey;
import skarb.node.model.VersionId;
import skarb.v1.Body;
import skarb.v1.ChecksumType;
import skarb.v1.Checksums;
import skarb.v1.ErrorReason;
import skarb.v1.PutRequest;
import skarb.v1.PutResult;
import skarb.v1.UploadHeader;
import skarb.v1.WriteConditions;

/// Writes objects: what Put and Upload have in common.
final class ObjectWriter {
  private final Catalog catalog;
  private final Buckets buckets;
  private final Bodies bodies;
  private final CommitPipeline commits;

  ObjectWriter(Catalog catalog, Buckets buckets, Bodies bodies, CommitPipeline commits) {
    this.catalog = catalog;
    this.buckets = buckets;
    this.bodies = bodies;
    this.commits = commits;
  }

  /// What is to be written, allowed so far.
  record Target(Buckets.Reached reached, ObjectKey key, UploadHeader header) {}

  /// Checks all that can be checked before the body comes; the commit looks again.
  ///
  /// @param maxBytes the limit of the call
  Target begin(UploadHeader header, long maxBytes) {
    Buckets.Reached reached = buckets.reach(header.getBucket());
    ObjectKey key = ObjectKey.of(header.getKey());
    Requests.checkHeader(header, maxBytes);
    checkConditions(reached, key, header.getConditions());
    bodies.mustTakeWrites(commits);
    return new Target(reached, key, header);
  }

  /// Whether a write's conditions hold so far.
  void checkConditions(Buckets.Reached reached, ObjectKey key, WriteConditions conditions) {
    Optional<ObjectVersion> current =
        catalog.in(reached.bucket()).current(reached.bucket().incarnation(), key.bytes());
    Conditions.check(conditions, current, reached.name(), key);
    Conditions.checkGuard(catalog, reached.bucket(), key, current, conditions);
  }

  /// Opens the target for its bytes.
  BodyWriter open(Target target) {
    return bodies.writer(BodyPromise.of(target.header()));
  }

  /// Stores a body that came whole.
  PutResult put(PutRequest request) {
    ByteString content = request.getContent();
    if (content.size() > CallLimits.MAX_PUT_BYTES) {
      throw Requests.tooLarge(Integer.toString(content.size()), CallLimits.MAX_PUT_BYTES);
    }
    Target target = begin(request.getHeader(), CallLimits.MAX_PUT_BYTES);
    try (BodyWriter writer = open(target)) {
      writer.write(content);
      return commit(target, writer.finish(Checksums.getDefaultInstance()));
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  /// Commits a body whose bytes are safe. When this returns, the object is on disk.
  PutResult commit(Target target, StoredBody stored) {
    Body body =
        Body.newBuilder()
            .setManifest(stored.manifest())
            .setEtag(stored.md5())
            .setChecksums(stored.checksums())
            .setChecksumType(ChecksumType.CHECKSUM_TYPE_FULL_OBJECT)
            .setAttributes(target.header().getAttributes())
            .setOwnerId(target.reached().principal().userId())
            .build();
    Committed committed = commits.commit(submission(target, stored, body));
    if (!(committed.answer() instanceof Committed.ObjectPut put)) {
      throw new IllegalStateException("not the answer to a PutObject: " + committed);
    }
    PutResult.Builder result =
        PutResult.newBuilder()
            .setEtag(HexFormat.of().formatHex(stored.md5().toByteArray()))
            .setChecksums(Answers.checksums(body))
            .setChecksumType(body.getChecksumType())
            .setSize(stored.size());
    put.versionId().map(VersionId::text).ifPresent(result::setVersionId);
    return result.build();
  }

  /// From the submission on its end closes the body, not we.
  private static Submission submission(Target target, StoredBody stored, Body body) {
    try {
      return new Submission(
          new Mutation.PutObject(
              target.reached().principal().userId(),
              target.reached().name(),
              target.key(),
              body,
              target.header().getConditions()),
          Optional.of(target.reached().principal().fence()),
          stored.journaled(),
          stored::close);
    } catch (RuntimeException e) {
      stored.close();
      throw e;
    }
  }

  static NodeException interrupted() {
    Thread.currentThread().interrupt();
    return new NodeException(
        ErrorReason.ERROR_REASON_SHUTTING_DOWN, "the node is stopping", Map.of());
  }
}
