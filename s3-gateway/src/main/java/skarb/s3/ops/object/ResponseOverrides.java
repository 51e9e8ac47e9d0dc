package skarb.s3.ops.object;

import java.util.Map;
import java.util.Optional;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;
import skarb.s3.ops.S3Call;
import skarb.s3.route.QueryParams;

/// `response-*`: headers that the reader asks to be answered instead of those stored.
final class ResponseOverrides {
  private static final String PREFIX = "response-";

  private static final Map<String, String> NAMES =
      Map.of(
          "Cache-Control", "response-cache-control",
          "Content-Disposition", "response-content-disposition",
          "Content-Encoding", "response-content-encoding",
          "Content-Language", "response-content-language",
          "Content-Type", "response-content-type",
          "Expires", "response-expires");

  private ResponseOverrides() {}

  /// Refuses overrides without a signature: they would let anybody serve anything from here.
  static void check(S3Call call) {
    if (call.signed()) {
      return;
    }
    for (QueryParams.Param param : call.request().query().all()) {
      if (param.name().startsWith(PREFIX)) {
        throw new S3Exception(
            S3Error.INVALID_REQUEST,
            "Request specific response headers cannot be used for anonymous GET requests.");
      }
    }
  }

  /// The value to answer for a header of this name, if the reader gave one.
  static Optional<String> get(S3Call call, String header) {
    QueryParams query = call.request().query();
    String param = NAMES.get(header);
    return query.isEmpty() || param == null ? Optional.empty() : query.first(param);
  }
}
