package skarb.node.service;

import com.google.protobuf.Timestamp;
import skarb.node.index.ObjectVersion;
import skarb.node.model.Etag;
import skarb.v1.Body;
import skarb.v1.BucketInfo;
import skarb.v1.BucketValue;
import skarb.v1.Checksums;
import skarb.v1.ObjectInfo;

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

  static BucketInfo bucket(BucketValue bucket, String ownerDisplayName) {
    return BucketInfo.newBuilder()
        .setName(bucket.getName())
        .setCreated(timestamp(bucket.getCreatedMillis()))
        .setOwnerId(bucket.getOwnerId())
        .setOwnerDisplayName(ownerDisplayName)
        .setLocation(bucket.getLocation())
        .build();
  }

  /// An object with all that is known of it.
  static ObjectInfo object(
      String bucket, String key, ObjectVersion version, String ownerDisplayName) {
    return listed(bucket, key, version, ownerDisplayName)
        .setAttributes(version.body().getAttributes())
        .build();
  }

  /// An object as listings show it: without what its writer said.
  static ObjectInfo.Builder listed(
      String bucket, String key, ObjectVersion version, String ownerDisplayName) {
    Body body = version.body();
    return ObjectInfo.newBuilder()
        .setBucket(bucket)
        .setKey(key)
        .setSize(body.getManifest().getSize())
        .setEtag(Etag.of(body))
        .setLastModified(timestamp(body.getModifiedMillis()))
        .setChecksums(checksums(body))
        .setChecksumType(body.getChecksumType())
        .setOwnerId(body.getOwnerId())
        .setOwnerDisplayName(ownerDisplayName);
  }

  /// The stored checksums; the MD5 is that of the entity tag, except for a multipart upload.
  static Checksums checksums(Body body) {
    return body.hasParts()
        ? body.getChecksums()
        : body.getChecksums().toBuilder().setMd5(body.getEtag()).build();
  }
}
