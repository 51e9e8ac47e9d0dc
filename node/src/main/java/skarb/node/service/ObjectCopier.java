package skarb.node.service;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import skarb.node.commit.CommitPipeline;
import skarb.node.commit.Committed;
import skarb.node.commit.Mutation;
import skarb.node.commit.Submission;
import skarb.node.content.BodyChecksum;
import skarb.node.content.PartDigest;
import skarb.node.index.Catalog;
import skarb.node.index.ObjectVersion;
import skarb.node.model.NodeException;
import skarb.node.model.ObjectKey;
import skarb.node.model.VersionId;
import skarb.v1.Body;
import skarb.v1.ChecksumAlgorithm;
import skarb.v1.ChecksumType;
import skarb.v1.Checksums;
import skarb.v1.CopyRequest;
import skarb.v1.CopyResponse;
import skarb.v1.ErrorReason;
import skarb.v1.PutResult;

/// Copies objects. A copy shares every byte with its source: it is a row with the source's
/// manifest, committed only if the source stands there still. Its bytes are read where it needs
/// digests that the source does not have: it is one body, whatever the source was uploaded as.
final class ObjectCopier {
  /// Whoever changes the source so often does not want a copy of it.
  static final int ATTEMPTS = 8;

  private final Catalog catalog;
  private final Buckets buckets;
  private final CopySources sources;
  private final Bodies bodies;
  private final CommitPipeline commits;

  ObjectCopier(
      Catalog catalog,
      Buckets buckets,
      CopySources sources,
      Bodies bodies,
      CommitPipeline commits) {
    this.catalog = catalog;
    this.buckets = buckets;
    this.sources = sources;
    this.bodies = bodies;
    this.commits = commits;
  }

  /// Copies an object. When this returns, the copy is on disk.
  CopyResponse copy(CopyRequest request) {
    if (request.getReplaceAttributes()) {
      Requests.checkAttributes(request.getAttributes());
    }
    Requests.checkConditions(request.getConditions());
    Requests.checkAlgorithm(request.getChecksumAlgorithm());
    Buckets.Reached target = buckets.reach(request.getBucket());
    ObjectKey key = ObjectKey.of(request.getKey());
    try {
      for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        bodies.mustTakeWrites(commits);
        Optional<CopyResponse> copied = attempt(request, target, key);
        if (copied.isPresent()) {
          return copied.get();
        }
      }
    } catch (InterruptedException e) {
      throw ObjectWriter.interrupted();
    }
    throw new NodeException(
        ErrorReason.ERROR_REASON_OVERLOADED, "the source changes faster than it is copied");
  }

  /// Empty where the source changed meanwhile.
  private Optional<CopyResponse> attempt(CopyRequest request, Buckets.Reached target, ObjectKey key)
      throws InterruptedException {
    CopySources.Found source = sources.find(request.getSource());
    if (!request.getReplaceAttributes() && isCurrent(source, target, key)) {
      throw new NodeException(
          ErrorReason.ERROR_REASON_ILLEGAL_COPY,
          "an object copied onto itself with nothing changed");
    }
    CopySources.checkSize(source.body().getManifest().getSize());
    Body body =
        singleBody(source.body(), request.getChecksumAlgorithm())
            .setAttributes(
                request.getReplaceAttributes()
                    ? request.getAttributes()
                    : source.body().getAttributes())
            .setOwnerId(target.principal().userId())
            .build();
    Mutation.PutObject object =
        new Mutation.PutObject(
            target.principal().userId(), target.name(), key, body, request.getConditions());
    Committed committed =
        commits.commit(
            Submission.of(
                new Mutation.CopyObject(object, source.copied()),
                Optional.of(target.principal().fence())));
    return switch (committed.answer()) {
      case Committed.ObjectPut(var versionId, long millis) ->
          Optional.of(response(body, versionId, millis, source));
      case Committed.PrepareAgain _ -> Optional.empty();
      default -> throw new IllegalStateException("not of a CopyObject: " + committed);
    };
  }

  private boolean isCurrent(CopySources.Found source, Buckets.Reached target, ObjectKey key) {
    return source.copied().incarnation().equals(target.bucket().incarnation())
        && source.copied().key().equals(key)
        && catalog
            .in(target.bucket())
            .current(target.bucket().incarnation(), key.bytes())
            .map(ObjectVersion::dot)
            .equals(Optional.of(source.copied().version().dot()));
  }

  /// The source's bytes as one body with the checksums wanted.
  private Body.Builder singleBody(Body source, ChecksumAlgorithm asked)
      throws InterruptedException {
    List<ChecksumAlgorithm> wanted = wanted(source, asked);
    boolean known =
        !source.hasParts()
            && wanted.stream().allMatch(each -> kind(each).in(source.getChecksums()).isPresent());
    Checksums.Builder checksums = Checksums.newBuilder();
    Body.Builder body =
        Body.newBuilder()
            .setManifest(source.getManifest())
            .setChecksumType(ChecksumType.CHECKSUM_TYPE_FULL_OBJECT);
    if (!known) {
      PartDigest digest = bodies.digests().compute(source.getManifest(), wanted);
      return body.setEtag(digest.md5()).setChecksums(digest.checksums());
    }
    for (ChecksumAlgorithm each : wanted) {
      kind(each).set(checksums, kind(each).in(source.getChecksums()).orElseThrow());
    }
    return body.setEtag(source.getEtag()).setChecksums(checksums);
  }

  private static List<ChecksumAlgorithm> wanted(Body source, ChecksumAlgorithm asked) {
    if (asked != ChecksumAlgorithm.CHECKSUM_ALGORITHM_UNSPECIFIED) {
      return List.of(asked);
    }
    List<ChecksumAlgorithm> ofSource = new ArrayList<>();
    for (ChecksumAlgorithm each : ChecksumAlgorithm.values()) {
      if (BodyChecksum.of(each).flatMap(kind -> kind.in(source.getChecksums())).isPresent()) {
        ofSource.add(each);
      }
    }
    return ofSource.isEmpty() ? List.of(ChecksumAlgorithm.CHECKSUM_ALGORITHM_CRC64NVME) : ofSource;
  }

  private static BodyChecksum kind(ChecksumAlgorithm algorithm) {
    return BodyChecksum.of(algorithm).orElseThrow();
  }

  private static CopyResponse response(
      Body body, Optional<VersionId> versionId, long millis, CopySources.Found source) {
    PutResult.Builder result =
        PutResult.newBuilder()
            .setEtag(HexFormat.of().formatHex(body.getEtag().toByteArray()))
            .setChecksums(Answers.checksums(body))
            .setChecksumType(body.getChecksumType())
            .setSize(body.getManifest().getSize());
    versionId.map(VersionId::text).ifPresent(result::setVersionId);
    CopyResponse.Builder response =
        CopyResponse.newBuilder().setResult(result).setLastModified(Answers.timestamp(millis));
    source.versionId().ifPresent(response::setSourceVersionId);
    return response.build();
  }
}
