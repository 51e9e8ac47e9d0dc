package skarb.node.commit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import skarb.node.model.BucketName;
import skarb.node.model.ObjectKey;
import skarb.node.model.VersionId;
import skarb.v1.BucketSetting;
import skarb.v1.Versioning;
import skarb.v1.WriteConditions;

/// Draws mutations over few names, so that they meet.
final class RandomMutations {
  static final int BUCKETS = 2;
  private static final int REMEMBERED = 24;

  private final RandomGenerator random;
  private final int keys;

  /// Versions that were heard of, some of them removed since.
  private final List<Version> versions = new ArrayList<>();

  private record Version(BucketName bucket, ObjectKey key, VersionId id) {}

  RandomMutations(RandomGenerator random, int keys) {
    this.random = random;
    this.keys = keys;
  }

  /// Remembers the versions that answers tell of, so that they are deleted by their ids.
  void heard(Mutation mutation, Outcome outcome) {
    MutationModel.idIn(MutationModel.answer(outcome))
        .map(VersionId::parse)
        .ifPresent(id -> {
          if (mutation instanceof Mutation.PutObject put) {
            remember(new Version(put.bucket(), put.key(), id));
          } else if (mutation instanceof Mutation.DeleteObject delete) {
            remember(new Version(delete.bucket(), delete.key(), id));
          }
        });
  }

  private void remember(Version version) {
    if (versions.size() == REMEMBERED) {
      versions.remove(random.nextInt(REMEMBERED));
    }
    versions.add(version);
  }

  Mutation next() {
    String user = random.nextInt(16) == 0 ? Requests.BOB : Requests.ANN;
    BucketName bucket = new BucketName("bucket" + random.nextInt(BUCKETS));
    ObjectKey key = ObjectKey.of("k" + random.nextInt(keys));
    return switch (random.nextInt(18)) {
      case 0 -> new Mutation.CreateBucket(user, bucket, "");
      case 1 -> new Mutation.DeleteBucket(user, bucket);
      case 2 -> new Mutation.SetBucketSetting(user, bucket, setting());
      case 3, 4, 5 ->
          new Mutation.DeleteObject(
              user,
              bucket,
              key,
              random.nextInt(4) == 0 ? Optional.of(VersionId.NULL) : Optional.empty(),
              conditions());
      case 6, 7, 8 -> deleteVersion(user, bucket, key);
      default -> new Mutation.PutObject(user, bucket, key, Requests.body(content()), conditions());
    };
  }

  private Mutation deleteVersion(String user, BucketName bucket, ObjectKey key) {
    if (versions.isEmpty()) {
      return new Mutation.DeleteObject(user, bucket, key, Optional.empty(), conditions());
    }
    Version version = versions.get(random.nextInt(versions.size()));
    ObjectKey of = random.nextInt(8) == 0 ? key : version.key();
    return new Mutation.DeleteObject(
        user, version.bucket(), of, Optional.of(version.id()), conditions());
  }

  private BucketSetting setting() {
    return switch (random.nextInt(5)) {
      case 0, 1 -> BucketSetting.newBuilder().setVersioning(Versioning.VERSIONING_ENABLED).build();
      case 2 -> BucketSetting.newBuilder().setVersioning(Versioning.VERSIONING_SUSPENDED).build();
      default -> BucketSetting.newBuilder().setGuardedOverwrites(random.nextInt(3) == 0).build();
    };
  }

  private String content() {
    return "content" + random.nextInt(3);
  }

  private WriteConditions conditions() {
    String etag = random.nextBoolean() ? "*" : Requests.etag(content());
    return switch (random.nextInt(6)) {
      case 0 -> Requests.ifMatch(etag);
      case 1 -> Requests.ifNoneMatch(etag);
      default -> Requests.NONE;
    };
  }
}
