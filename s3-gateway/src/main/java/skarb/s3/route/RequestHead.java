package skarb.s3.route;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A request without its body, as it came: nothing is decoded, normalised or added.
///
/// @param method the method, upper case
/// @param rawPath the path of the request target, still percent-encoded, beginning with `/`
/// @param rawQuery the query without `?`, still percent-encoded; empty where there is none
/// @param headers names in lower case, each with its values in the order in which they came, one
///   character for each byte
/// @param remoteAddress the client's address, without port
/// @param secure whether it came over TLS
/// @param requestId the id that the client sees in `x-amz-request-id`
public record RequestHead(
    String method,
    String rawPath,
    String rawQuery,
    Map<String, List<String>> headers,
    String remoteAddress,
    boolean secure,
    String requestId) {

  /// The first value of a header, by its name in lower case.
  public Optional<String> header(String name) {
    List<String> values = headers.get(name);
    return values == null || values.isEmpty() ? Optional.empty() : Optional.of(values.getFirst());
  }
}
