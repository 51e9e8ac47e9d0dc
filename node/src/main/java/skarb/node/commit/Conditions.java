package skarb.node.commit;

import java.util.Map;
import java.util.Optional;
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
