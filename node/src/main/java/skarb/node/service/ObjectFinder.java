package skarb.node.service;

import java.util.Map;
import java.util.Optional;
import skarb.node.index.BucketRow;
import skarb.node.index.Catalog;
import skarb.node.index.ObjectVersion;
import skarb.node.model.NodeException;
import skarb.node.model.ObjectKey;
import skarb.v1.Body;
import skarb.v1.ByteRange;
import skarb.v1.ContentRange;
import skarb.v1.ErrorReason;
import skarb.v1.ObjectInfo;
import skarb.v1.ReadConditions;

/// Finds the object that a read asks for, and judges its conditions and its range: what Get and
/// Head have in common.
final class ObjectFinder {
  private final Catalog catalog;
  private final Buckets buckets;

  ObjectFinder(Catalog catalog, Buckets buckets) {
    this.catalog = catalog;
    this.buckets = buckets;
  }

  /// What is asked for.
  ///
  /// @param versionId empty for the current version
  record Request(
      String bucket,
      String key,
      Optional<String> versionId,
      ByteRange range,
      ReadConditions conditions) {}

  /// What was found.
  ///
  /// @param info the object
  /// @param body its row
  /// @param range the bytes that are asked for
  record Found(ObjectInfo info, Body body, ContentRange range) {}

  /// @throws NodeException where there is nothing, or a condition or the range says no
  Found find(Request request) {
    Requests.checkRange(request.range());
    Requests.checkReadConditions(request.conditions());
    BucketRow bucket = buckets.reach(request.bucket()).bucket();
    ObjectKey key = ObjectKey.of(request.key());
    ObjectVersion version = version(bucket, key, request);
    if (version.isDeleteMarker()) {
      throw new NodeException(
          ErrorReason.ERROR_REASON_DELETE_MARKER,
          "what is asked for is a delete marker",
          Map.of(
              "bucket",
              request.bucket(),
              "key",
              request.key(),
              "version_id",
              request.versionId().orElse(VersionIds.NULL)));
    }
    Body body = version.body();
    ReadRules.check(request.conditions(), body);
    ContentRange range = ReadRules.resolve(request.range(), body.getManifest().getSize());
    ObjectInfo info =
        Answers.object(
            request.bucket(), request.key(), version, buckets.displayName(body.getOwnerId()));
    return new Found(info, body, range);
  }

  private ObjectVersion version(BucketRow bucket, ObjectKey key, Request request) {
    if (request.versionId().isEmpty()) {
      return catalog
          .current(bucket.incarnation(), key.bytes())
          .orElseThrow(() ->
              new NodeException(
                  ErrorReason.ERROR_REASON_NO_SUCH_KEY,
                  "no such key",
                  Map.of("bucket", request.bucket(), "key", request.key())));
    }
    String id = VersionIds.check(request.versionId().get());
    Optional<ObjectVersion> version =
        id.equals(VersionIds.NULL)
            ? catalog.nullVersion(bucket.incarnation(), key.bytes())
            : Optional.empty(); // no bucket has versions yet
    return version.orElseThrow(() ->
        new NodeException(
            ErrorReason.ERROR_REASON_NO_SUCH_VERSION,
            "no such version",
            Map.of("bucket", request.bucket(), "key", request.key(), "version_id", id)));
  }
}
