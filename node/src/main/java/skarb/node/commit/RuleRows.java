package skarb.node.commit;

import java.util.List;
import java.util.Map;
import skarb.node.index.BucketRow;
import skarb.node.index.Catalog;
import skarb.node.model.BucketName;
import skarb.node.model.EntryOrder;
import skarb.node.model.NodeException;
import skarb.v1.ErrorReason;
import skarb.v1.LocalRecord;
import skarb.v1.RegisterId;

/// What the rules of all mutations share: the rows that they are held against, the buckets that a
/// user may reach, and the fate of tombstones.
final class RuleRows {
  private final Catalog catalog;

  /// @param catalog the rows as all mutations before this one leave them
  RuleRows(Catalog catalog) {
    this.catalog = catalog;
  }

  Catalog catalog() {
    return catalog;
  }

  /// A bucket as the one user who may reach it sees it.
  ///
  /// @throws NodeException NO_SUCH_BUCKET or ACCESS_DENIED
  BucketRow ownBucket(BucketName name, String userId) {
    BucketRow bucket =
        catalog
            .bucket(name.value())
            .orElseThrow(
                () -> about(name, ErrorReason.ERROR_REASON_NO_SUCH_BUCKET, "no such bucket"));
    if (!bucket.value().getOwnerId().equals(userId)) {
      throw about(
          name, ErrorReason.ERROR_REASON_ACCESS_DENIED, "the bucket is reached by its owner alone");
    }
    return bucket;
  }

  static NodeException about(BucketName bucket, ErrorReason reason, String message) {
    return new NodeException(reason, message, Map.of("bucket", bucket.value()));
  }

  /// The local record that drops a tombstone in the batch that wrote it; none where other sites
  /// must see it.
  ///
  /// Of objects alone. A site that joins later reads the journal from its beginning, and serves
  /// while it does: until it comes to the deletion of a bucket or a key, what it writes has not
  /// seen it. An object that is written so is a new one; but a bucket that was forgotten could not
  /// take it in, and a key that was forgotten would work again.
  List<LocalRecord> dropped(RegisterId register, EntryOrder order) {
    return catalog.everHadSecondSite() ? List.of() : List.of(Registers.dropped(register, order));
  }
}
