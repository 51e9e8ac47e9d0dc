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

/// Reads credentials from the Authorization header:
///
/// `AWS4-HMAC-SHA256 Credential=KEY/20130524/us-east-1/s3/aws4_request,
/// SignedHeaders=host;x-amz-date, Signature=…`
///
/// Immutable.
final class SigV4Headers {
  static final Duration MAX_SKEW = Duration.ofMinutes(15);
  static final String NOT_SUPPORTED =
      "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.";
  private static final int MAX_LENGTH = 8192;
  private static final List<String> COMPONENTS =
      List.of("Credential", "SignedHeaders", "Signature");

  private final Optional<String> requiredRegion;

  SigV4Headers(Optional<String> requiredRegion) {
    this.requiredRegion = requiredRegion;
  }

  /// The credentials of a request whose Authorization header has this value.
  SignedRequest read(RequestHead head, String authorization, Instant now) {
    Map<String, String> components = components(authorization.strip());
    Credential credential =
        Credential.parse(
            component(components, "Credential"), requiredRegion, Credential.Answers.HEADER);
    SortedSet<String> signedHeaders =
        SignedRequest.parseSignedHeaders(component(components, "SignedHeaders"))
            .orElseThrow(() -> malformed("SignedHeaders"));
    String signature = component(components, "Signature");
    Instant time = time(head);
    checkTime(time, now, credential.scope());
    String payload = payload(head);
    return new SignedRequest(
        credential,
        AmzDate.basic(time),
        signedHeaders,
        signature,
        payload,
        PayloadHeader.read(head, payload));
  }

  private static Map<String, String> components(String authorization) {
    if (authorization.isEmpty()) {
      throw new S3Exception(S3Error.ACCESS_DENIED);
    }
    if (authorization.length() > MAX_LENGTH) {
      throw Credential.Answers.HEADER.exception("it is longer than " + MAX_LENGTH + " bytes.");
    }
    int blank = authorization.indexOf(' ');
    if (blank < 0) {
      throw argument("Authorization header is invalid -- one and only one ' ' (space) required.");
    }
    String rest = authorization.substring(blank + 1);
    checkScheme(authorization.substring(0, blank), rest);
    Map<String, String> components = new LinkedHashMap<>();
    for (String part : rest.split(",", COMPONENTS.size() + 1)) {
      String component = part.strip();
      int equals = component.indexOf('=');
      String name = equals < 0 ? component : component.substring(0, equals);
      if (equals < 0
          || !COMPONENTS.contains(name)
          || components.putIfAbsent(name, component.substring(equals + 1)) != null) {
        throw malformed(name);
      }
    }
    return components;
  }

  private static void checkScheme(String scheme, String rest) {
    if (scheme.equals(StringToSign.ALGORITHM)) {
      return;
    }
    if (scheme.equals("AWS") && rest.indexOf(':') < 0) {
      throw argument("AWS authorization header is invalid.  Expected AwsAccessKeyId:signature");
    }
    if (scheme.equals("AWS") || scheme.startsWith("AWS4-")) {
      throw new S3Exception(S3Error.INVALID_REQUEST, NOT_SUPPORTED);
    }
    throw argument("Unsupported Authorization Type");
  }

  private static String component(Map<String, String> components, String name) {
    String value = components.get(name);
    if (value == null || value.isEmpty()) {
      throw Credential.Answers.HEADER.exception("missing " + name + ".");
    }
    return value;
  }

  private static Instant time(RequestHead head) {
    return head.header("x-amz-date")
        .or(() -> head.header("date"))
        .flatMap(AmzDate::parse)
        .filter(time -> time.getEpochSecond() >= 0)
        .orElseThrow(() ->
            new S3Exception(
                S3Error.ACCESS_DENIED,
                "AWS authentication requires a valid Date or x-amz-date header"));
  }

  private static void checkTime(Instant time, Instant now, CredentialScope scope) {
    String timestamp = AmzDate.basic(time);
    if (!timestamp.startsWith(scope.date())) {
      throw Credential.Answers.HEADER.exception(
          "Invalid credential date \"%s\". This date is not the same as X-Amz-Date: \"%s\"."
              .formatted(scope.date(), timestamp.substring(0, 8)));
    }
    if (Duration.between(time, now).abs().compareTo(MAX_SKEW) > 0) {
      Map<String, String> details = new LinkedHashMap<>();
      details.put("RequestTime", timestamp);
      details.put("ServerTime", AmzDate.extended(now));
      details.put("MaxAllowedSkewMilliseconds", Long.toString(MAX_SKEW.toMillis()));
      throw new S3Exception(
          S3Error.REQUEST_TIME_TOO_SKEWED,
          S3Error.REQUEST_TIME_TOO_SKEWED.message(),
          details,
          Map.of());
    }
  }

  private static String payload(RequestHead head) {
    List<String> values = head.headers().getOrDefault(PayloadHeader.NAME, List.of());
    if (values.isEmpty()) {
      throw new S3Exception(
          S3Error.INVALID_REQUEST,
          "Missing required header for this request: x-amz-content-sha256");
    }
    return String.join(",", values).strip();
  }

  private static S3Exception malformed(String component) {
    return Credential.Answers.HEADER.exception(
        "the authorization component \"%s\" is malformed.".formatted(Shown.shortened(component)));
  }

  /// Without the header's value, which may be somebody's password or token.
  private static S3Exception argument(String message) {
    return new S3Exception(
        S3Error.INVALID_ARGUMENT, message, Map.of("ArgumentName", "Authorization"), Map.of());
  }
}
