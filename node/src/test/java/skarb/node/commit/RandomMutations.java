package skarb.node.commit;

import java.util.Optional;
import java.util.random.RandomGenerator;
import skarb.node.model.BucketName;
import skarb.node.model.ObjectKey;
import skarb.node.model.VersionId;
import skarb.v1.WriteConditions;

/// Draws mutations over few names, so that they meet.
final class RandomMutations {
  static final int BUCKETS = 2;

  private final RandomGenerator random;
  private final int keys;

  RandomMutations(RandomGenerator random, int keys) {
    this.random = random;
    this.keys = keys;
  }

  Mutation next() {
    String user = random.nextInt(8) == 0 ? Requests.BOB : Requests.ANN;
    BucketName bucket = new BucketName("bucket" + random.nextInt(BUCKETS));
    ObjectKey key = ObjectKey.of("k" + random.nextInt(keys));
    return switch (random.nextInt(12)) {
      case 0 -> new Mutation.CreateBucket(user, bucket, "");
      case 1 -> new Mutation.DeleteBucket(user, bucket);
      case 2, 3, 4 ->
          new Mutation.DeleteObject(
              user,
              bucket,
              key,
              random.nextInt(3) == 0 ? Optional.of(VersionId.NULL) : Optional.empty(),
              conditions());
      default -> new Mutation.PutObject(user, bucket, key, Requests.body(content()), conditions());
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
