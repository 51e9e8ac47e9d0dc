package skarb.node.commit;

import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import skarb.node.index.Catalog;
import skarb.node.index.IndexView;
import skarb.node.model.BucketName;
import skarb.node.model.Etag;
import skarb.node.model.ObjectKey;
import skarb.v1.ErrorReason;
import skarb.v1.EtagCondition;
import skarb.v1.WriteConditions;

/// What mutations should do, told in the plainest way: maps of maps, without registers or stamps.
final class MutationModel {
  /// A bucket.
  record Bucket(String owner, NavigableMap<String, String> etags) {}

  /// Says no.
  private static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final ErrorReason reason;

    Refusal(ErrorReason reason) {
      this.reason = reason;
    }
  }

  private final NavigableMap<String, Bucket> buckets = new TreeMap<>();

  NavigableMap<String, Bucket> buckets() {
    return buckets;
  }

  /// What rows say, in the same form, of the names that [RandomMutations] draws.
  static NavigableMap<String, Bucket> read(IndexView rows, int keys) {
    Catalog catalog = new Catalog(rows);
    NavigableMap<String, Bucket> found = new TreeMap<>();
    for (int b = 0; b < RandomMutations.BUCKETS; b++) {
      String name = "bucket" + b;
      catalog
          .bucket(name)
          .ifPresent(bucket -> {
            NavigableMap<String, String> etags = new TreeMap<>();
            for (int k = 0; k < keys; k++) {
              String key = "k" + k;
              catalog
                  .current(bucket.incarnation(), ObjectKey.of(key).bytes())
                  .ifPresent(version -> etags.put(key, Etag.of(version.body())));
            }
            found.put(name, new Bucket(bucket.value().getOwnerId(), etags));
          });
    }
    return found;
  }

  /// @return why not, or empty when it is done
  Optional<ErrorReason> perform(Mutation mutation) {
    try {
      switch (mutation) {
        case Mutation.CreateBucket create -> createBucket(create);
        case Mutation.DeleteBucket delete -> deleteBucket(delete);
        case Mutation.PutObject put -> putObject(put);
        case Mutation.DeleteObject delete -> deleteObject(delete);
        case Mutation.LogEntries _,
            Mutation.ReleaseEntries _,
            Mutation.NoteBodies _,
            Mutation.DropTombstones _,
            Mutation.SetMember _,
            Mutation.ResolveConflict _,
            Mutation.SetBucketSetting _,
            Mutation.CopyObject _,
            Mutation.OpenUpload _,
            Mutation.PutPart _,
            Mutation.CompleteUpload _,
            Mutation.AbortUpload _,
            Mutation.PutUser _,
            Mutation.CreateKey _,
            Mutation.SetKeyEnabled _,
            Mutation.DeleteKey _ ->
            throw new AssertionError("not modelled: " + mutation);
      }
      return Optional.empty();
    } catch (Refusal refusal) {
      return Optional.of(refusal.reason);
    }
  }

  private void createBucket(Mutation.CreateBucket create) {
    Bucket existing = buckets.get(create.bucket().value());
    if (existing != null) {
      throw new Refusal(
          existing.owner().equals(create.userId())
              ? ErrorReason.ERROR_REASON_BUCKET_ALREADY_OWNED_BY_YOU
              : ErrorReason.ERROR_REASON_BUCKET_ALREADY_EXISTS);
    }
    buckets.put(create.bucket().value(), new Bucket(create.userId(), new TreeMap<>()));
  }

  private void deleteBucket(Mutation.DeleteBucket delete) {
    if (!bucket(delete.bucket(), delete.userId()).etags().isEmpty()) {
      throw new Refusal(ErrorReason.ERROR_REASON_BUCKET_NOT_EMPTY);
    }
    buckets.remove(delete.bucket().value());
  }

  private void putObject(Mutation.PutObject put) {
    NavigableMap<String, String> etags = bucket(put.bucket(), put.userId()).etags();
    judge(put.conditions(), etags.get(put.key().text()));
    etags.put(put.key().text(), Etag.of(put.body()));
  }

  private void deleteObject(Mutation.DeleteObject delete) {
    NavigableMap<String, String> etags = bucket(delete.bucket(), delete.userId()).etags();
    String etag = etags.get(delete.key().text());
    if (etag != null) {
      judge(delete.conditions(), etag);
      etags.remove(delete.key().text());
    }
  }

  private Bucket bucket(BucketName name, String userId) {
    Bucket bucket = buckets.get(name.value());
    if (bucket == null) {
      throw new Refusal(ErrorReason.ERROR_REASON_NO_SUCH_BUCKET);
    }
    if (!bucket.owner().equals(userId)) {
      throw new Refusal(ErrorReason.ERROR_REASON_ACCESS_DENIED);
    }
    return bucket;
  }

  private static void judge(WriteConditions conditions, @Nullable String etag) {
    if (conditions.hasIfMatch()) {
      if (etag == null) {
        throw new Refusal(ErrorReason.ERROR_REASON_NO_SUCH_KEY);
      }
      if (!matches(conditions.getIfMatch(), etag)) {
        throw new Refusal(ErrorReason.ERROR_REASON_PRECONDITION_FAILED);
      }
    }
    if (etag != null && conditions.hasIfNoneMatch() && matches(conditions.getIfNoneMatch(), etag)) {
      throw new Refusal(ErrorReason.ERROR_REASON_PRECONDITION_FAILED);
    }
  }

  private static boolean matches(EtagCondition condition, String etag) {
    return condition.getAny() || condition.getEtagsList().contains(etag);
  }
}
