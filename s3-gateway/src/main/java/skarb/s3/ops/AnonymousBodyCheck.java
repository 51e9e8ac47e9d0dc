package skarb.s3.ops;

import java.util.Set;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;
import skarb.s3.route.S3Operation;
import skarb.v1.GetBucketRequest;

/// A body without a signature is not worth reading before the node has said that its sender may do
/// anything with the bucket at all: until then it takes no memory, and a slow one takes nobody's
/// turn. Safe for many threads.
public final class AnonymousBodyCheck {
  /// The methods whose bodies are read.
  private static final Set<String> METHODS = Set.of("PUT", "POST");

  private final NodeClient node;

  /// A check that asks this node.
  public AnonymousBodyCheck(NodeClient node) {
    this.node = node;
  }

  /// Checks, where an anonymous request has a body. To be called before anything of it is read.
  ///
  /// @throws S3Exception AccessDenied for what nobody may do without a key
  /// @throws io.grpc.StatusRuntimeException what the node answers: that there is no such bucket, or
  ///   that the caller may not see it
  public void check(S3Call call) {
    if (call.signed() || call.body().length() == 0 || !METHODS.contains(call.head().method())) {
      return;
    }
    if (call.bucket().isEmpty() || call.request().operation() == S3Operation.CREATE_BUCKET) {
      throw new S3Exception(S3Error.ACCESS_DENIED);
    }
    var _ = node.buckets(call).get(GetBucketRequest.newBuilder().setName(call.bucket()).build());
  }
}
