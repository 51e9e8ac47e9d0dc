package skarb.s3.auth;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;
import skarb.s3.route.RequestHead;

/// Reads credentials from the query of a presigned request, which works for up to seven days.
/// Immutable.
final class SigV4Query {
  private static final int MAX_EXPIRES_SECONDS = 604_800;
  private static final String ALGORITHM = "X-Amz-Algorithm";
  private static final String CREDENTIAL = "X-Amz-Credential";
  private static final String DATE = "X-Amz-Date";
  private static final String EXPIRES = "X-Amz-Expires";
  private static final String SIGNED_HEADERS = "X-Amz-SignedHeaders";
  private static final String SIGNATURE = "X-Amz-Signature";
  static final String SECURITY_TOKEN = "X-Amz-Security-Token";
  private static final String CONTENT_SHA256 = "X-Amz-Content-Sha256";

  private final Optional<String> requiredRegion;

  SigV4Query(Optional<String> requiredRegion) {
    this.requiredRegion = requiredRegion;
  }

  /// Whether a query carries credentials of this kind.
  static boolean isIn(QueryParameters query) {
    return query.has(ALGORITHM)
        || query.has(CREDENTIAL)
        || query.has(SIGNED_HEADERS)
        || query.has(SIGNATURE);
  }

  /// Whether a query carries credentials of version 2, which are not served.
  static boolean isVersion2In(QueryParameters query) {
    return query.has("AWSAccessKeyId") && query.has("Signature");
  }

  /// The credentials of a request with this query.
  SignedRequest read(RequestHead head, QueryParameters query, Instant now) {
    if (!one(query, ALGORITHM).equals(StringToSign.ALGORITHM)) {
      throw error("X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256\"");
    }
    Credential credential =
        Credential.parse(one(query, CREDENTIAL), requiredRegion, Credential.Answers.QUERY);
    String timestamp = one(query, DATE);
    Instant time =
        AmzDate.parseBasic(timestamp)
            .orElseThrow(() ->
                error(
                    "X-Amz-Date must be in the ISO8601 Long Format" + " \"yyyyMMdd'T'HHmmss'Z'\""));
    String signature = one(query, SIGNATURE);
    SortedSet<String> signedHeaders =
        SignedRequest.parseSignedHeaders(one(query, SIGNED_HEADERS))
            .orElseThrow(() -> error("X-Amz-SignedHeaders is malformed"));
    if (!timestamp.startsWith(credential.scope().date())) {
      throw error(
          "Invalid credential date \"%s\". This date is not the same as X-Amz-Date: \"%s\"."
              .formatted(credential.scope().date(), timestamp.substring(0, 8)));
    }
    checkValidity(time, expires(one(query, EXPIRES)), now);
    return signedRequest(head, query, credential, timestamp, signedHeaders, signature);
  }

  private static SignedRequest signedRequest(
      RequestHead head,
      QueryParameters query,
      Credential credential,
      String timestamp,
      SortedSet<String> signedHeaders,
      String signature) {
    Optional<String> inHeader = head.header(PayloadHeader.NAME).map(String::strip);
    String payload =
        query
            .first(CONTENT_SHA256)
            .or(() -> inHeader.filter(text -> signedHeaders.contains(PayloadHeader.NAME)))
            .orElse(PayloadHeader.UNSIGNED);
    // What is signed counts before a header that anybody could add.
    PayloadHeader framing =
        PayloadHeader.read(
            head, payload.equals(PayloadHeader.UNSIGNED) ? inHeader.orElse(payload) : payload);
    return new SignedRequest(credential, timestamp, signedHeaders, signature, payload, framing);
  }

  private static int expires(String text) {
    if (!text.matches("-?[0-9]{1,20}")) {
      throw error("X-Amz-Expires should be a number");
    }
    if (text.startsWith("-")) {
      throw error("X-Amz-Expires must be non-negative");
    }
    if (text.length() > 9 || Integer.parseInt(text) > MAX_EXPIRES_SECONDS) {
      throw error(
          "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires"
              + " must be less than 604800 seconds");
    }
    return Integer.parseInt(text);
  }

  private static void checkValidity(Instant time, int expiresSeconds, Instant now) {
    if (time.isAfter(now.plus(SigV4Headers.MAX_SKEW))) {
      throw new S3Exception(S3Error.ACCESS_DENIED, "Request is not valid yet");
    }
    Instant end = time.plus(Duration.ofSeconds(expiresSeconds));
    // A request that is good for no time at all is never good.
    if (now.isAfter(end) || expiresSeconds == 0) {
      Map<String, String> details = new LinkedHashMap<>();
      details.put(EXPIRES, Integer.toString(expiresSeconds));
      details.put("Expires", AmzDate.extended(end));
      details.put("ServerTime", AmzDate.extended(now));
      throw new S3Exception(S3Error.ACCESS_DENIED, "Request has expired", details, Map.of());
    }
  }

  /// The one value of a parameter: with two of them, signer and verifier could each mean another.
  private static String one(QueryParameters query, String name) {
    List<String> values = query.values(name);
    if (values.size() != 1 || values.getFirst().isEmpty()) {
      throw error(
          "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential,"
              + " X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.");
    }
    return values.getFirst();
  }

  private static S3Exception error(String message) {
    return new S3Exception(S3Error.AUTHORIZATION_QUERY_PARAMETERS_ERROR, message);
  }
}
