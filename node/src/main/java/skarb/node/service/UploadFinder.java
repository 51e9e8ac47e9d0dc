package skarb.node.service;

import skarb.node.commit.CompletedUploads;
import skarb.node.index.Catalog;
import skarb.node.index.OpenUpload;
import skarb.node.model.ObjectKey;
import skarb.node.model.UploadName;

/// Finds open uploads for callers.
final class UploadFinder {
  private final Catalog catalog;
  private final Buckets buckets;

  UploadFinder(Catalog catalog, Buckets buckets) {
    this.catalog = catalog;
    this.buckets = buckets;
  }

  /// An open upload, in a bucket that the call in progress may reach.
  record Found(Buckets.Reached reached, ObjectKey key, OpenUpload upload) {
    UploadName name() {
      return upload.name();
    }
  }

  /// @throws skarb.node.model.NodeException NO_SUCH_UPLOAD, or what the bucket or the key says
  Found find(String bucket, String key, String uploadId) {
    Buckets.Reached reached = buckets.reach(bucket);
    ObjectKey objectKey = ObjectKey.of(key);
    OpenUpload upload =
        catalog
            .in(reached.bucket())
            .uploads()
            .find(reached.bucket().incarnation(), objectKey.bytes(), name(uploadId))
            .orElseThrow(() -> CompletedUploads.noSuchUpload(uploadId));
    return new Found(reached, objectKey, upload);
  }

  /// What a caller names.
  ///
  /// @throws skarb.node.model.NodeException NO_SUCH_UPLOAD for what cannot be one, as S3 has it
  static UploadName name(String uploadId) {
    return UploadName.parse(uploadId).orElseThrow(() -> CompletedUploads.noSuchUpload(uploadId));
  }
}
