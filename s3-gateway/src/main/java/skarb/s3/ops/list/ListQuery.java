package skarb.s3.ops.list;

import skarb.s3.ops.PageSize;
import skarb.s3.ops.S3Call;
import skarb.s3.route.QueryParams;
import skarb.s3.xml.ListBucketResultXml;
import skarb.s3.xml.ListEncoding;
import skarb.v1.ListRequest;
import skarb.v1.ListVersionsRequest;

/// What listings of objects and of their versions ask for alike.
///
/// @param maxKeys as it is in force, 0 to 1,000
record ListQuery(
    String bucket, String prefix, String delimiter, int maxKeys, ListEncoding encoding) {

  static ListQuery decode(S3Call call) {
    QueryParams query = call.request().query();
    return new ListQuery(
        call.bucket(),
        query.firstOrEmpty("prefix"),
        query.firstOrEmpty("delimiter"),
        PageSize.parse(query, "max-keys"),
        ListEncoding.parse(query.firstOrEmpty("encoding-type")));
  }

  /// A request of the node for a page that begins where the caller says.
  ListRequest.Builder request() {
    return ListRequest.newBuilder()
        .setBucket(bucket)
        .setPrefix(prefix)
        .setDelimiter(delimiter)
        .setPageSize(maxKeys);
  }

  /// As above, for all versions.
  ListVersionsRequest.Builder versionsRequest() {
    return ListVersionsRequest.newBuilder()
        .setBucket(bucket)
        .setPrefix(prefix)
        .setDelimiter(delimiter)
        .setPageSize(maxKeys);
  }

  ListBucketResultXml.Echo echo() {
    return new ListBucketResultXml.Echo(bucket, prefix, delimiter, maxKeys, encoding);
  }
}
