package skarb.s3.ops.list;

import java.util.Optional;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;
import skarb.s3.ops.Handler;
import skarb.s3.ops.NodeClient;
import skarb.s3.ops.S3Call;
import skarb.s3.ops.S3Response;
import skarb.s3.route.QueryParams;
import skarb.s3.xml.ListBucketResultXml;
import skarb.v1.ListRequest;
import skarb.v1.ListResponse;

/// ListObjectsV2: pages go on from a token.
public final class ListObjectsV2 implements Handler {
  private final NodeClient node;

  /// A handler that lists this node's buckets.
  public ListObjectsV2(NodeClient node) {
    this.node = node;
  }

  @Override
  public S3Response handle(S3Call call) {
    ListQuery query = ListQuery.decode(call);
    ListBucketResultXml.V2 v2 = decode(call.request().query());
    ListRequest.Builder request = query.request();
    v2.startAfter().ifPresent(request::setStartAfter);
    v2.token().ifPresent(request::setPageToken);
    ListResponse page = node.objects(call).list(request.build());
    return S3Response.xml(200, ListBucketResultXml.encodeV2(query.echo(), v2, page));
  }

  private static ListBucketResultXml.V2 decode(QueryParams query) {
    Optional<String> token = query.first("continuation-token");
    if (token.isPresent() && token.get().isEmpty()) {
      throw new S3Exception(
          S3Error.INVALID_ARGUMENT, "The continuation token provided is incorrect");
    }
    return new ListBucketResultXml.V2(
        token,
        query.first("start-after").filter(key -> !key.isEmpty()),
        query.firstOrEmpty("fetch-owner").equals("true"));
  }
}
