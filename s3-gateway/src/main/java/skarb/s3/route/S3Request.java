package skarb.s3.route;

import java.util.Optional;

/// A request that is known to ask for one operation.
///
/// @param operation what is asked for
/// @param bucket the bucket's name; empty for operations on the service
/// @param key the key; empty for operations on the service or on a bucket
/// @param query the query, decoded
/// @param head the request as it came
public record S3Request(
    S3Operation operation, String bucket, String key, QueryParams query, RequestHead head) {

  /// The first value of a header, by its name in lower case.
  public Optional<String> header(String name) {
    return head.header(name);
  }
}
