package skarb.node.service;

import com.google.protobuf.Timestamp;
import skarb.node.index.BucketRow;
import skarb.node.index.Catalog;
import skarb.node.index.ObjectVersion;
import skarb.node.model.Etag;
import skarb.v1.Body;
import skarb.v1.BucketInfo;
import skarb.v1.BucketValue;
import skarb.v1.Checksums;
import skarb.v1.ObjectInfo;
import skarb.v1.Versioning;

/// Rows as callers see them.
final class Answers {
  private static final int MILLIS_PER_SECOND = 1000;
  private static final int NANOS_PER_MILLI = 1_000_000;

  private Answers() {}

  static Timestamp timestamp(long millis) {
    return Timestamp.newBuilder()
        .setSeconds(Math.floorDiv(millis, MILLIS_PER_SECOND))
        .setNanos(Math.floorMod(millis, MILLIS_PER_SECOND) * NANOS_PER_MILLI)
        .build();
  }

  static BucketInfo bucket(Catalog catalog, BucketRow bucket, String ownerDisplayName) {
    Catalog all = catalog.in(bucket);
    BucketInfo.Builder info =
        bucket(bucket.value(), ownerDisplayName).toBuilder()
            .setVersioning(all.versioning(bucket.incarnation()))
            .setGuardedOverwrites(all.guardedOverwrites(bucket.incarnation()))
            .setLivesAgain(bucket.revived());
    if (bucket.isConflict()) {
      info.setConflictsWith(bucket.madeAs());
    }
    return info.build();
  }

  /// A bucket that has no settings.
  static BucketInfo bucket(BucketValue bucket, String ownerDisplayName) {
    return BucketInfo.newBuilder()
        .setName(bucket.getName())
        .setCreated(timestamp(bucket.getCreatedMillis()))
        .setOwnerId(bucket.getOwnerId())
        .setOwnerDisplayName(ownerDisplayName)
        .setLocation(bucket.getLocation())
        .build();
  }

  /// How the objects of one bucket are shown.
  ///
  /// @param bucket its name
  /// @param versioned whether it ever kept versions: only then are ids told
  record OfBucket(String bucket, boolean versioned) {

    /// An object with all that is known of it.
    ObjectInfo object(String key, ObjectVersion version, String ownerDisplayName) {
      return listed(key, version, ownerDisplayName)
          .setAttributes(version.body().getAttributes())
          .build();
    }

    /// An object or a delete marker as listings show it: without what its writer said.
    ObjectInfo.Builder listed(String key, ObjectVersion version, String ownerDisplayName) {
      ObjectInfo.Builder info =
          ObjectInfo.newBuilder()
              .setBucket(bucket)
              .setKey(key)
              .setLastModified(timestamp(version.modifiedMillis()))
              .setOwnerId(version.ownerId())
              .setOwnerDisplayName(ownerDisplayName);
      if (versioned || !version.isNull()) {
        info.setVersionId(version.versionId().text());
      }
      if (version.isDeleteMarker()) {
        return info.setDeleteMarker(true);
      }
      Body body = version.body();
      if (body.hasParts()) {
        info.setPartsCount(body.getParts());
      }
      return info.setSize(body.getManifest().getSize())
          .setEtag(Etag.of(body))
          .setChecksums(checksums(body))
          .setChecksumType(body.getChecksumType());
    }
  }

  /// How the objects of a bucket are shown.
  static OfBucket ofBucket(BucketRow bucket, Versioning versioning) {
    return new OfBucket(bucket.value().getName(), versioning != Versioning.VERSIONING_UNSPECIFIED);
  }

  /// The stored checksums; the MD5 is that of the entity tag, except for a multipart upload.
  static Checksums checksums(Body body) {
    return body.hasParts()
        ? body.getChecksums()
        : body.getChecksums().toBuilder().setMd5(body.getEtag()).build();
  }
}
