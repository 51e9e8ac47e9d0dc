package skarb.node.access;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import skarb.node.model.NodeException;
import skarb.v1.ErrorReason;

/// AWS Signature Version 4 over a gRPC call. What is signed is the call's head: its messages come
/// later, and TLS protects those. The metadata of a call:
///
/// ```
/// x-amz-date: 20250102T030405Z
/// authorization: AWS4-HMAC-SHA256 Credential=KEY/20250102/REGION/skarb/aws4_request,
///                SignedHeaders=host;x-amz-date, Signature=64 hex digits
/// ```
///
/// and its canonical request, where `host` is the call's authority:
///
/// ```
/// POST
/// /skarb.v1.Objects/Get
/// (empty: there is no query)
/// host:127.0.0.1:9010
/// x-amz-date:20250102T030405Z
/// (empty)
/// host;x-amz-date
/// UNSIGNED-PAYLOAD
/// ```
///
/// Exactly these two headers are signed, the service is `skarb`, any region will do, and the date
/// must lie within 15 minutes of the node's clock. A signature is good for one method, for that
/// long. docs/grpc.md has an example.
///
/// A gateway signs whom it speaks for as well. Where a call has the metadata `skarb-context-bin`,
/// exactly three headers are signed, `host;skarb-context-bin;x-amz-date`, and between the other two
/// lines stands `skarb-context-bin:` with the bytes in base64 without padding. Else whoever saw one
/// call of a gateway could make others of it, for any user.
public final class CallSignature {
  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final String SIGNED_HEADERS = "host;x-amz-date";
  private static final String SIGNED_WITH_CONTEXT = "host;skarb-context-bin;x-amz-date";
  private static final String SERVICE = "skarb";
  private static final Duration MAX_SKEW = Duration.ofMinutes(15);
  private static final int MAX_HEADER_LENGTH = 1024;
  private static final Pattern AUTHORIZATION =
      Pattern.compile(
          ALGORITHM
              + " +Credential=(?<key>[A-Za-z0-9\\-_.=]{1,128})/(?<date>[0-9]{8})/(?<region>[a-z0-9-]{1,64})/"
              + "(?<service>[a-z0-9-]{1,64})/"
              + SigningKeys.TERMINATOR
              + ", *SignedHeaders=(?<headers>[a-z0-9;-]{1,256}), *Signature=(?<signature>[0-9a-f]{64})");
  private static final DateTimeFormatter AMZ_DATE =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withResolverStyle(ResolverStyle.STRICT);

  private final SignatureVerifier verifier;
  private final InstantSource clock;

  /// @param verifier judges signatures
  /// @param clock what calls' dates are compared with
  public CallSignature(SignatureVerifier verifier, InstantSource clock) {
    this.verifier = verifier;
    this.clock = clock;
  }

  /// Whether an authorization is of this kind.
  static boolean isSignature(String authorization) {
    return authorization.startsWith(ALGORITHM);
  }

  /// The key that signed a call.
  ///
  /// @throws NodeException CREDENTIALS_MALFORMED, REQUEST_TIME_SKEWED, NO_SUCH_ACCESS_KEY or
  ///   SIGNATURE_MISMATCH
  StoredKey verify(CallHead head, String authorization) {
    if (authorization.length() > MAX_HEADER_LENGTH) {
      throw malformed("the authorization is too long");
    }
    Matcher parts = AUTHORIZATION.matcher(authorization);
    if (!parts.matches()) {
      throw malformed("the authorization is not that of a signature");
    }
    String amzDate = head.amzDate().orElseThrow(() -> malformed("x-amz-date is missing"));
    checkDate(amzDate, parts.group("date"));
    if (!parts.group("service").equals(SERVICE)) {
      throw malformed("the credential's service must be " + SERVICE);
    }
    if (!parts.group("headers").equals(signedHeaders(head))) {
      throw malformed("the signed headers must be " + signedHeaders(head));
    }
    String scope =
        parts.group("date")
            + "/"
            + parts.group("region")
            + "/"
            + SERVICE
            + "/"
            + SigningKeys.TERMINATOR;
    String stringToSign =
        ALGORITHM
            + "\n"
            + amzDate
            + "\n"
            + scope
            + "\n"
            + HexFormat.of().formatHex(Hmac.hash(canonicalRequest(head, amzDate)));
    return verifier
        .verify(
            new SignatureVerifier.Claim(
                parts.group("key"),
                parts.group("date"),
                parts.group("region"),
                SERVICE,
                stringToSign,
                parts.group("signature")))
        .key();
  }

  private static String canonicalRequest(CallHead head, String amzDate) {
    return "POST\n/"
        + head.method()
        + "\n\nhost:"
        + head.authority()
        + head.contextBytes()
            .map(context -> "\nskarb-context-bin:" + base64(context.toByteArray()))
            .orElse("")
        + "\nx-amz-date:"
        + amzDate
        + "\n\n"
        + signedHeaders(head)
        + "\nUNSIGNED-PAYLOAD";
  }

  private static String signedHeaders(CallHead head) {
    return head.contextBytes().isPresent() ? SIGNED_WITH_CONTEXT : SIGNED_HEADERS;
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().withoutPadding().encodeToString(bytes);
  }

  private void checkDate(String amzDate, String scopeDate) {
    Instant signed;
    try {
      signed = LocalDateTime.parse(amzDate, AMZ_DATE).toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      throw malformed("x-amz-date is not of the form 20250102T030405Z");
    }
    if (!amzDate.startsWith(scopeDate)) {
      throw malformed("the credential's date is not that of x-amz-date");
    }
    Instant now = clock.instant();
    if (Duration.between(signed, now).abs().compareTo(MAX_SKEW) > 0) {
      throw new NodeException(
          ErrorReason.ERROR_REASON_REQUEST_TIME_SKEWED,
          "the call's date is over 15 minutes from the node's clock",
          Map.of(
              "request_millis",
              Long.toString(signed.toEpochMilli()),
              "server_millis",
              Long.toString(now.toEpochMilli())));
    }
  }

  private static NodeException malformed(String message) {
    return new NodeException(ErrorReason.ERROR_REASON_CREDENTIALS_MALFORMED, message);
  }
}
