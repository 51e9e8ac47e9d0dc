package skarb.s3.ops.list;

import java.util.Map;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;
import skarb.s3.ops.S3Call;
import skarb.s3.route.QueryParams;
import skarb.s3.xml.ListBucketResultXml;
import skarb.s3.xml.ListEncoding;
import skarb.v1.ListRequest;

/// What ListObjects and ListObjectsV2 ask for alike.
///
/// @param maxKeys as it is in force, 0 to 1,000
record ListQuery(
    String bucket, String prefix, String delimiter, int maxKeys, ListEncoding encoding) {
  private static final int MOST_KEYS = 1000;

  static ListQuery decode(S3Call call) {
    QueryParams query = call.request().query();
    return new ListQuery(
        call.bucket(),
        query.firstOrEmpty("prefix"),
        query.firstOrEmpty("delimiter"),
        maxKeys(query.firstOrEmpty("max-keys")),
        encoding(query));
  }

  /// A request of the node for a page that begins where the caller says.
  ListRequest.Builder request() {
    return ListRequest.newBuilder()
        .setBucket(bucket)
        .setPrefix(prefix)
        .setDelimiter(delimiter)
        .setPageSize(maxKeys);
  }

  ListBucketResultXml.Echo echo() {
    return new ListBucketResultXml.Echo(bucket, prefix, delimiter, maxKeys, encoding);
  }

  /// More than a page can hold is clamped without a word, as S3 does.
  private static int maxKeys(String text) {
    if (text.isEmpty()) {
      return MOST_KEYS;
    }
    try {
      long keys = Long.parseLong(text);
      if (keys >= 0 && keys <= Integer.MAX_VALUE) {
        return (int) Math.min(keys, MOST_KEYS);
      }
    } catch (NumberFormatException e) {
      // Answered below.
    }
    throw new S3Exception(
        S3Error.INVALID_ARGUMENT,
        "Argument maxKeys must be an integer between 0 and 2147483647",
        Map.of("ArgumentName", "max-keys", "ArgumentValue", text),
        Map.of());
  }

  private static ListEncoding encoding(QueryParams query) {
    return switch (query.firstOrEmpty("encoding-type")) {
      case "" -> ListEncoding.PLAIN;
      case "url" -> ListEncoding.URL;
      default ->
          throw new S3Exception(
              S3Error.INVALID_ARGUMENT, "Invalid Encoding Method specified in Request");
    };
  }
}
