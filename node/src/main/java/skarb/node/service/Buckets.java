package skarb.node.service;

import java.util.Map;
import skarb.node.access.Authorizer;
import skarb.node.access.Caller.KeyCaller;
import skarb.node.index.BucketRow;
import skarb.node.index.Catalog;
import skarb.node.model.BucketName;
import skarb.node.model.NodeException;
import skarb.v1.ErrorReason;
import skarb.v1.UserValue;

/// Finds buckets for callers.
final class Buckets {
  private final Catalog catalog;

  Buckets(Catalog catalog) {
    this.catalog = catalog;
  }

  /// A bucket that the call in progress may reach, and on whose behalf.
  ///
  /// @param principal who
  /// @param bucket the bucket
  record Reached(KeyCaller principal, BucketRow bucket) {
    BucketName name() {
      return new BucketName(bucket.value().getName());
    }
  }

  /// Finds a bucket. That a name is taken is no secret, since making a bucket tells it; so whoever
  /// may not reach one learns that, and not that it is not there.
  ///
  /// @throws NodeException INVALID_BUCKET_NAME, NO_SUCH_BUCKET or ACCESS_DENIED
  Reached reach(String name) {
    BucketName valid = new BucketName(name);
    BucketRow bucket =
        catalog
            .bucket(valid.value())
            .orElseThrow(() ->
                new NodeException(
                    ErrorReason.ERROR_REASON_NO_SUCH_BUCKET,
                    "no such bucket",
                    Map.of("bucket", valid.value())));
    KeyCaller principal = CallKeys.principal();
    Authorizer.requireOwner(principal, bucket.value().getOwnerId());
    return new Reached(principal, bucket);
  }

  /// A user's name for people; empty where the user is not known.
  String displayName(String userId) {
    return catalog.user(userId).map(UserValue::getDisplayName).orElse("");
  }
}
