package skarb.s3.ops.object;

import java.util.Optional;
import skarb.s3.headers.Conditional;
import skarb.s3.ops.Handler;
import skarb.s3.ops.NodeClient;
import skarb.s3.ops.S3Call;
import skarb.s3.ops.S3Response;
import skarb.v1.DeleteRequest;
import skarb.v1.DeleteResponse;

/// DeleteObject: of the current object, or of one version for good.
public final class DeleteObject implements Handler {
  private final NodeClient node;

  /// A handler that deletes from this node.
  public DeleteObject(NodeClient node) {
    this.node = node;
  }

  @Override
  public S3Response handle(S3Call call) {
    DeleteRequest.Builder request =
        DeleteRequest.newBuilder().setBucket(call.bucket()).setKey(call.key());
    call.versionId().ifPresent(request::setVersionId);
    Conditional.forDelete(call.head()).ifPresent(request::setConditions);
    return encode(node.objects(call).delete(request.build()), call.versionId());
  }

  /// A version that was never there is deleted as well, and named.
  private static S3Response encode(DeleteResponse deleted, Optional<String> asked) {
    S3Response response = S3Response.of(204);
    if (deleted.getDeleteMarker()) {
      response.header("x-amz-delete-marker", "true");
    }
    (deleted.hasVersionId() ? Optional.of(deleted.getVersionId()) : asked)
        .ifPresent(id -> response.header("x-amz-version-id", id));
    return response;
  }
}
