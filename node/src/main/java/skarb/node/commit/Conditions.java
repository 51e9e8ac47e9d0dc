package skarb.node.commit;

import java.util.Map;
import java.util.Optional;
import skarb.node.index.BucketRow;
import skarb.node.index.Catalog;
import skarb.node.index.ObjectVersion;
import skarb.node.model.BucketName;
import skarb.node.model.Etag;
import skarb.node.model.NodeException;
import skarb.node.model.ObjectKey;
import skarb.v1.Body;
import skarb.v1.ErrorReason;
import skarb.v1.EtagCondition;
import skarb.v1.WriteConditions;

/// Judges the conditions of a write against what is current. A delete marker counts as nothing.
public final class Conditions {
  private Conditions() {}

  /// @throws NodeException NO_SUCH_KEY where If-Match finds nothing, PRECONDITION_FAILED where a
  ///   condition does not hold
  public static void check(
      WriteConditions conditions,
      Optional<ObjectVersion> current,
      BucketName bucket,
      ObjectKey key) {
    Optional<Body> body =
        current.filter(version -> !version.isDeleteMarker()).map(ObjectVersion::body);
    if (conditions.hasIfMatch()) {
      if (body.isEmpty()) {
        throw new NodeException(
            ErrorReason.ERROR_REASON_NO_SUCH_KEY,
            "If-Match, and there is no such key",
            Map.of("bucket", bucket.value(), "key", key.text()));
      }
      if (!matches(conditions.getIfMatch(), body.get())) {
        throw failed("If-Match");
      }
    }
    if (conditions.hasIfNoneMatch()
        && body.isPresent()
        && matches(conditions.getIfNoneMatch(), body.get())) {
      throw failed("If-None-Match");
    }
  }

  /// Judges the conditions of a deletion against what it would delete. That nothing is there is no
  /// error; a delete marker that is there has no tag to match.
  ///
  /// @throws NodeException PRECONDITION_FAILED where a condition does not hold
  static void checkDelete(WriteConditions conditions, Optional<ObjectVersion> target) {
    if (target.isEmpty()) {
      return;
    }
    boolean marker = target.get().isDeleteMarker();
    Body body = target.get().body();
    if (conditions.hasIfMatch() && (marker || !matches(conditions.getIfMatch(), body))) {
      throw failed("If-Match");
    }
    if (conditions.hasIfNoneMatch() && !marker && matches(conditions.getIfNoneMatch(), body)) {
      throw failed("If-None-Match");
    }
  }

  /// Judges a write without conditions in a bucket whose overwrites are guarded.
  ///
  /// @throws NodeException CONDITION_REQUIRED where an object is current
  public static void checkGuard(
      Catalog catalog,
      BucketRow bucket,
      ObjectKey key,
      Optional<ObjectVersion> current,
      WriteConditions conditions) {
    if (conditions.hasIfMatch()
        || conditions.hasIfNoneMatch()
        || current.isEmpty()
        || current.get().isDeleteMarker()) {
      return;
    }
    if (catalog.in(bucket).guardedOverwrites(bucket.incarnation())) {
      throw new NodeException(
          ErrorReason.ERROR_REASON_CONDITION_REQUIRED,
          "the bucket takes no write over what is current without If-Match or If-None-Match",
          Map.of("bucket", bucket.value().getName(), "key", key.text()));
    }
  }

  private static boolean matches(EtagCondition condition, Body current) {
    return condition.getAny() || condition.getEtagsList().contains(Etag.of(current));
  }

  private static NodeException failed(String condition) {
    return new NodeException(
        ErrorReason.ERROR_REASON_PRECONDITION_FAILED,
        condition + " does not hold",
        Map.of("condition", condition));
  }
}
