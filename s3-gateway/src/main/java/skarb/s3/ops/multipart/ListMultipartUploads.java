package skarb.s3.ops.multipart;

import skarb.s3.ops.Handler;
import skarb.s3.ops.NodeClient;
import skarb.s3.ops.PageSize;
import skarb.s3.ops.S3Call;
import skarb.s3.ops.S3Response;
import skarb.s3.route.QueryParams;
import skarb.s3.xml.ListEncoding;
import skarb.s3.xml.ListUploadsXml;
import skarb.v1.ListUploadsRequest;

/// ListMultipartUploads: a page of the open uploads of a bucket.
public final class ListMultipartUploads implements Handler {
  private final NodeClient node;

  /// A handler that asks this node.
  public ListMultipartUploads(NodeClient node) {
    this.node = node;
  }

  @Override
  public S3Response handle(S3Call call) {
    ListUploadsXml.Echo echo = decode(call);
    ListUploadsRequest request =
        ListUploadsRequest.newBuilder()
            .setBucket(echo.bucket())
            .setPrefix(echo.prefix())
            .setDelimiter(echo.delimiter())
            .setKeyMarker(echo.keyMarker())
            .setUploadIdMarker(echo.keyMarker().isEmpty() ? "" : echo.uploadIdMarker())
            .setPageSize(echo.maxUploads())
            .build();
    return S3Response.xml(
        200, ListUploadsXml.encode(echo, node.multipart(call).listUploads(request)));
  }

  private static ListUploadsXml.Echo decode(S3Call call) {
    QueryParams query = call.request().query();
    return new ListUploadsXml.Echo(
        call.bucket(),
        query.firstOrEmpty("prefix"),
        query.firstOrEmpty("delimiter"),
        query.firstOrEmpty("key-marker"),
        query.firstOrEmpty("upload-id-marker"),
        PageSize.parse(query, "max-uploads"),
        ListEncoding.parse(query.firstOrEmpty("encoding-type")));
  }
}
