package skarb.node.commit;

import java.util.Optional;
import skarb.node.commit.Evaluation.Rejected;
import skarb.node.index.AccessKeyRow;
import skarb.node.index.Catalog;
import skarb.node.index.IndexView;
import skarb.node.model.NodeException;
import skarb.v1.ErrorReason;

/// Holds a mutation against the rows: what is to be written, or why not. A pure function of its
/// arguments: it reads no clock, draws no random number and changes nothing.
///
/// A register that says that something is gone is a tombstone, which other sites must see. In a
/// realm that never had a second site nobody has to: there each deletion is followed, in its own
/// batch, by the local record that drops the tombstone, so that deleted objects leave no rows.
///
/// The rules stand by what they are about: [BucketMutations], [ObjectMutations], [UploadMutations],
/// [AccessMutations], [RealmMutations].
final class MutationEvaluator {
  private MutationEvaluator() {}

  /// @param fence the key that must still be what it was
  /// @param view the rows as all mutations before this one leave them
  static Evaluation evaluate(Mutation mutation, Optional<KeyFence> fence, IndexView view) {
    RuleRows rows = new RuleRows(new Catalog(view));
    try {
      fence.ifPresent(key -> checkKey(key, rows.catalog()));
      return evaluate(mutation, rows);
    } catch (NodeException reason) {
      return new Rejected(reason);
    }
  }

  private static Evaluation evaluate(Mutation mutation, RuleRows rows) {
    return switch (mutation) {
      case Mutation.CreateBucket create -> new BucketMutations(rows).createBucket(create);
      case Mutation.DeleteBucket delete -> new BucketMutations(rows).deleteBucket(delete);
      case Mutation.SetBucketSetting set -> new BucketMutations(rows).setSetting(set);
      case Mutation.PutObject put -> new ObjectMutations(rows).putObject(put);
      case Mutation.DeleteObject delete -> new ObjectMutations(rows).deleteObject(delete);
      case Mutation.LogEntries log -> new Evaluation.Log(log.entries(), log.position());
      case Mutation.ReleaseEntries release -> new Evaluation.Release(release.entries());
      case Mutation.NoteBodies note -> RealmMutations.noteBodies(note);
      case Mutation.DropTombstones drop -> RealmMutations.dropTombstones(drop);
      case Mutation.SetMember set -> new RealmMutations(rows).setMember(set);
      case Mutation.ResolveConflict resolve -> new RealmMutations(rows).resolveConflict(resolve);
      case Mutation.CopyObject copy -> new UploadMutations(rows).copyObject(copy);
      case Mutation.OpenUpload open -> new UploadMutations(rows).openUpload(open);
      case Mutation.PutPart put -> new UploadMutations(rows).putPart(put);
      case Mutation.CompleteUpload complete -> new UploadMutations(rows).completeUpload(complete);
      case Mutation.AbortUpload abort -> new UploadMutations(rows).abortUpload(abort);
      case Mutation.EndUploads end -> new UploadMutations(rows).endUploads(end);
      case Mutation.PutUser put -> new AccessMutations(rows).putUser(put);
      case Mutation.CreateKey create -> new AccessMutations(rows).createKey(create);
      case Mutation.SetKeyEnabled set -> new AccessMutations(rows).setKeyEnabled(set);
      case Mutation.ResealKey reseal -> new AccessMutations(rows).resealKey(reseal);
      case Mutation.DeleteKey delete -> new AccessMutations(rows).deleteKey(delete);
    };
  }

  private static void checkKey(KeyFence fence, Catalog catalog) {
    Optional<AccessKeyRow> key = catalog.accessKey(fence.accessKeyId());
    if (key.isEmpty()
        || !key.get().key().getEnabled()
        || key.get().generation() != fence.generation()) {
      throw new NodeException(
          ErrorReason.ERROR_REASON_KEY_CHANGED, "the access key was changed, disabled or deleted");
    }
  }
}
