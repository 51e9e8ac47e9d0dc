package skarb.s3.ops.list;

import skarb.s3.ops.Handler;
import skarb.s3.ops.NodeClient;
import skarb.s3.ops.S3Call;
import skarb.s3.ops.S3Response;
import skarb.s3.xml.ListBucketResultXml;
import skarb.v1.ListResponse;

/// ListObjects, the first version: pages go on from a key.
public final class ListObjects implements Handler {
  private final NodeClient node;

  /// A handler that lists this node's buckets.
  public ListObjects(NodeClient node) {
    this.node = node;
  }

  @Override
  public S3Response handle(S3Call call) {
    ListQuery query = ListQuery.decode(call);
    String marker = call.request().query().firstOrEmpty("marker");
    ListResponse page = node.objects(call).list(query.request().setStartAfter(marker).build());
    return S3Response.xml(200, ListBucketResultXml.encodeV1(query.echo(), marker, page));
  }
}
