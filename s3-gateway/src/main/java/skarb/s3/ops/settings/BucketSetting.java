package skarb.s3.ops.settings;

import com.google.protobuf.ByteString;
import java.util.Map;
import java.util.function.Function;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;
import skarb.s3.ops.Handler;
import skarb.s3.ops.NodeClient;
import skarb.s3.ops.S3Call;
import skarb.s3.ops.S3Response;
import skarb.v1.BucketInfo;
import skarb.v1.GetBucketRequest;

/// The read of one setting of a bucket. That the bucket is there, and is the caller's to see, comes
/// first.
final class BucketSetting implements Handler {
  private final NodeClient node;
  private final Function<BucketInfo, ByteString> document;

  private BucketSetting(NodeClient node, Function<BucketInfo, ByteString> document) {
    this.node = node;
    this.document = document;
  }

  /// A setting that has a default.
  static BucketSetting of(NodeClient node, Function<BucketInfo, ByteString> document) {
    return new BucketSetting(node, document);
  }

  /// A setting whose default is an error.
  static BucketSetting missing(NodeClient node, S3Error error, String message) {
    return new BucketSetting(
        node,
        bucket -> {
          throw new S3Exception(error, message, Map.of("BucketName", bucket.getName()), Map.of());
        });
  }

  @Override
  public S3Response handle(S3Call call) {
    return S3Response.xml(
        200,
        document.apply(
            node.buckets(call)
                .get(GetBucketRequest.newBuilder().setName(call.bucket()).build())
                .getBucket()));
  }
}
