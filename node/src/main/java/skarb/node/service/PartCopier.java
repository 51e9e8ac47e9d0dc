package skarb.node.service;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import skarb.node.commit.CommitPipeline;
import skarb.node.commit.Committed;
import skarb.node.commit.Mutation;
import skarb.node.commit.Submission;
import skarb.node.content.ComposedManifest;
import skarb.node.content.PartDigest;
import skarb.node.model.NodeException;
import skarb.v1.Body;
import skarb.v1.ByteRange;
import skarb.v1.CopyPartRequest;
import skarb.v1.CopyPartResponse;
import skarb.v1.ErrorReason;
import skarb.v1.PartValue;

/// Stores as parts what objects hold. The bytes are shared with the source, and read for their
/// digests alone; a whole source that was uploaded in one piece, with the upload's checksum, has
/// these already.
final class PartCopier {
  private final UploadFinder finder;
  private final CopySources sources;
  private final Bodies bodies;
  private final CommitPipeline commits;

  PartCopier(UploadFinder finder, CopySources sources, Bodies bodies, CommitPipeline commits) {
    this.finder = finder;
    this.sources = sources;
    this.bodies = bodies;
    this.commits = commits;
  }

  /// Copies a part. When this returns, it is on disk.
  CopyPartResponse copy(CopyPartRequest request) {
    UploadFinder.Found found =
        finder.find(request.getBucket(), request.getKey(), request.getUploadId());
    Requests.checkPartNumber("part_number", request.getPartNumber());
    try {
      for (int attempt = 0; attempt < ObjectCopier.ATTEMPTS; attempt++) {
        bodies.mustTakeWrites(commits);
        Optional<CopyPartResponse> copied = attempt(request, found);
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

  /// The bytes that are copied.
  private record Range(long first, long length) {}

  /// Empty where the source changed meanwhile.
  private Optional<CopyPartResponse> attempt(CopyPartRequest request, UploadFinder.Found found)
      throws InterruptedException {
    CopySources.Found source = sources.find(request.getSource());
    Body body = source.body();
    Range range = range(request.getRange(), body.getManifest().getSize());
    CopySources.checkSize(range.length());
    UploadChecksums checksums = UploadChecksums.of(found.upload().value());
    boolean whole = range.length() == body.getManifest().getSize();
    if (whole && !body.hasParts() && checksums.kind().in(body.getChecksums()).isPresent()) {
      PartValue part =
          PartValue.newBuilder()
              .setManifest(body.getManifest())
              .setMd5(body.getEtag())
              .setChecksums(checksums.only(body.getChecksums()))
              .build();
      return commit(request, found, source, part, () -> {});
    }
    ComposedManifest slice =
        whole
            ? new ComposedManifest(body.getManifest(), List.of())
            : bodies.composer().slice(body.getManifest(), range.first(), range.length());
    PartValue part;
    try {
      PartDigest digest =
          bodies.digests().compute(slice.manifest(), List.of(checksums.algorithm()));
      part =
          PartValue.newBuilder()
              .setManifest(slice.manifest())
              .setMd5(digest.md5())
              .setChecksums(digest.checksums())
              .build();
    } catch (Throwable t) {
      slice.close();
      throw t;
    }
    return commit(request, found, source, part, slice::close);
  }

  /// @param onApplied ends the pins of what was made for the part; from here on the submission's
  ///   end runs it
  private Optional<CopyPartResponse> commit(
      CopyPartRequest request,
      UploadFinder.Found found,
      CopySources.Found source,
      PartValue part,
      Runnable onApplied) {
    Mutation put =
        new Mutation.PutPart(
            found.reached().principal().userId(),
            found.reached().name(),
            found.key(),
            found.name(),
            request.getPartNumber(),
            part,
            Optional.of(source.copied()));
    Committed committed =
        commits.commit(
            new Submission(
                put, Optional.of(found.reached().principal().fence()), List.of(), onApplied));
    return switch (committed.answer()) {
      case Committed.PartStored(long millis) -> {
        CopyPartResponse.Builder response =
            CopyPartResponse.newBuilder()
                .setPart(
                    UploadAnswers.part(
                        request.getPartNumber(),
                        part.toBuilder().setModifiedMillis(millis).build()));
        source.versionId().ifPresent(response::setSourceVersionId);
        yield Optional.of(response.build());
      }
      case Committed.PrepareAgain _ -> Optional.empty();
      default -> throw new IllegalStateException("not of a PutPart: " + committed);
    };
  }

  private static Range range(ByteRange asked, long size) {
    if (asked.equals(ByteRange.getDefaultInstance())) {
      return new Range(0, size);
    }
    boolean within =
        asked.hasFirst()
            && asked.hasLast()
            && !asked.hasSuffixLength()
            && Long.compareUnsigned(asked.getFirst(), asked.getLast()) <= 0
            && Long.compareUnsigned(asked.getLast(), size) < 0;
    if (!within) {
      throw new NodeException(
          ErrorReason.ERROR_REASON_INVALID_COPY_RANGE,
          "a range to copy that does not lie within the source",
          Map.of("size", Long.toString(size)));
    }
    return new Range(asked.getFirst(), asked.getLast() - asked.getFirst() + 1);
  }
}
