package skarb.s3.ops.multipart;

import skarb.s3.ops.Handler;
import skarb.s3.ops.NodeClient;
import skarb.s3.ops.PageSize;
import skarb.s3.ops.S3Call;
import skarb.s3.ops.S3Response;
import skarb.s3.route.QueryParams;
import skarb.s3.xml.ListPartsXml;
import skarb.v1.ListPartsRequest;

/// ListParts: a page of the parts of an open upload.
public final class ListParts implements Handler {
  private final NodeClient node;

  /// A handler that asks this node.
  public ListParts(NodeClient node) {
    this.node = node;
  }

  @Override
  public S3Response handle(S3Call call) {
    QueryParams query = call.request().query();
    int marker = PageSize.number(query, "part-number-marker");
    int maxParts = PageSize.parse(query, "max-parts");
    ListPartsRequest request =
        ListPartsRequest.newBuilder()
            .setBucket(call.bucket())
            .setKey(call.key())
            .setUploadId(UploadQuery.uploadId(call))
            .setAfterPartNumber(marker)
            .setPageSize(maxParts)
            .build();
    return S3Response.xml(
        200,
        ListPartsXml.encode(
            call.bucket(), marker, maxParts, node.multipart(call).listParts(request)));
  }
}
