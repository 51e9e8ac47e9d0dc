package skarb.s3.ops.settings;

import com.google.protobuf.ByteString;
import java.util.function.Function;
import skarb.s3.ops.Handler;
import skarb.s3.ops.NodeClient;
import skarb.s3.ops.S3Call;
import skarb.s3.ops.S3Response;
import skarb.v1.HeadRequest;
import skarb.v1.ObjectInfo;

/// The read of one setting of an object, or of one of its versions. That it is there, and is the
/// caller's to see, comes first.
final class ObjectSetting implements Handler {
  private final NodeClient node;
  private final Function<ObjectInfo, ByteString> document;

  ObjectSetting(NodeClient node, Function<ObjectInfo, ByteString> document) {
    this.node = node;
    this.document = document;
  }

  @Override
  public S3Response handle(S3Call call) {
    HeadRequest.Builder request =
        HeadRequest.newBuilder().setBucket(call.bucket()).setKey(call.key());
    call.versionId().ifPresent(request::setVersionId);
    ObjectInfo object = node.objects(call).head(request.build()).getInfo();
    S3Response response = S3Response.xml(200, document.apply(object));
    if (object.hasVersionId()) {
      response.header("x-amz-version-id", object.getVersionId());
    }
    return response;
  }
}
