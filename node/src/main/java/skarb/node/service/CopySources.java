package skarb.node.service;

import java.util.Map;
import java.util.Optional;
import skarb.node.commit.Mutation;
import skarb.node.index.Catalog;
import skarb.node.model.BucketName;
import skarb.node.model.NodeException;
import skarb.node.model.VersionId;
import skarb.v1.Body;
import skarb.v1.CopySource;
import skarb.v1.ErrorReason;
import skarb.v1.ReadConditions;
import skarb.v1.Versioning;

/// Finds what copies are made of.
final class CopySources {
  private final Catalog catalog;
  private final ObjectFinder finder;

  CopySources(Catalog catalog, ObjectFinder finder) {
    this.catalog = catalog;
    this.finder = finder;
  }

  /// A source, in a bucket that the call in progress may reach.
  ///
  /// @param copied as the commit looks for it again
  /// @param versionId as callers are told; empty where its bucket was never versioned
  record Found(Mutation.CopiedVersion copied, Optional<String> versionId) {
    Body body() {
      return copied.version().body();
    }
  }

  /// @throws NodeException where there is nothing, or a condition does not hold: never
  ///   NOT_MODIFIED, since a copy is no read
  Found find(CopySource source) {
    Requests.checkReadConditions(source.getConditions());
    ObjectFinder.Located located =
        finder.here(
            () -> locate(source),
            found -> found.version().dot(),
            source.getBucket(),
            source.getKey());
    boolean versioned =
        catalog.in(located.bucket()).versioning(located.bucket().incarnation())
            != Versioning.VERSIONING_UNSPECIFIED;
    VersionId id = located.version().versionId();
    return new Found(
        new Mutation.CopiedVersion(
            new BucketName(located.bucket().value().getName()),
            located.bucket().incarnation(),
            located.key(),
            located.version()),
        versioned ? Optional.of(id.text()) : Optional.empty());
  }

  private ObjectFinder.Located locate(CopySource source) {
    ObjectFinder.Located located =
        finder.locate(
            source.getBucket(),
            source.getKey(),
            source.hasVersionId() ? Optional.of(source.getVersionId()) : Optional.empty());
    try {
      ReadRules.check(source.getConditions(), located.version().body());
    } catch (NodeException e) {
      throw e.reason() == ErrorReason.ERROR_REASON_NOT_MODIFIED ? failed(source) : e;
    }
    return located;
  }

  private static NodeException failed(CopySource source) {
    ReadConditions conditions = source.getConditions();
    String condition = conditions.hasIfNoneMatch() ? "If-None-Match" : "If-Modified-Since";
    return new NodeException(
        ErrorReason.ERROR_REASON_PRECONDITION_FAILED,
        condition + " does not hold",
        Map.of("condition", condition));
  }

  /// A source that is too long to be copied in one piece.
  ///
  /// @throws NodeException COPY_SOURCE_TOO_LARGE
  static void checkSize(long size) {
    if (size > CallLimits.MAX_UPLOAD_BYTES) {
      throw new NodeException(
          ErrorReason.ERROR_REASON_COPY_SOURCE_TOO_LARGE,
          "what is copied is over 5 GiB",
          Map.of(
              "size", Long.toString(size), "max_size", Long.toString(CallLimits.MAX_UPLOAD_BYTES)));
    }
  }
}
