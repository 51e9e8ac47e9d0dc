package skarb.client;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// AWS Signature Version 4 over the head of a gRPC call, as docs/grpc.md describes it: `host` and
/// `x-amz-date` are signed, the messages are not.
final class SigV4 {
  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final String SIGNED_HEADERS = "host;x-amz-date";
  private static final String SIGNED_WITH_CONTEXT = "host;skarb-context-bin;x-amz-date";
  private static final String SERVICE = "skarb";
  private static final String TERMINATOR = "aws4_request";
  private static final DateTimeFormatter AMZ_DATE =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private SigV4() {}

  /// What goes with a call.
  ///
  /// @param amzDate for `x-amz-date`
  /// @param authorization for `authorization`
  record Signature(String amzDate, String authorization) {}

  /// @param method the full name, without the slash before it
  /// @param authority the host and port as the call names them
  static Signature sign(Credentials.Key key, String method, String authority, Instant now) {
    return sign(key, method, "host:" + authority, SIGNED_HEADERS, now);
  }

  /// The same for a gateway's call.
  ///
  /// @param context whom it speaks for: the bytes of `skarb-context-bin`
  static Signature sign(
      Credentials.Key key, String method, String authority, byte[] context, Instant now) {
    String base64 = Base64.getEncoder().withoutPadding().encodeToString(context);
    return sign(
        key,
        method,
        "host:" + authority + "\nskarb-context-bin:" + base64,
        SIGNED_WITH_CONTEXT,
        now);
  }

  private static Signature sign(
      Credentials.Key key, String method, String headers, String signedHeaders, Instant now) {
    String amzDate = AMZ_DATE.format(now);
    String date = amzDate.substring(0, 8);
    String scope = date + "/" + key.region() + "/" + SERVICE + "/" + TERMINATOR;
    String canonicalRequest =
        "POST\n/"
            + method
            + "\n\n"
            + headers
            + "\nx-amz-date:"
            + amzDate
            + "\n\n"
            + signedHeaders
            + "\nUNSIGNED-PAYLOAD";
    String stringToSign =
        ALGORITHM + "\n" + amzDate + "\n" + scope + "\n" + hex(sha256(canonicalRequest));
    byte[] signingKey = signingKey(key.secretKey(), date, key.region(), SERVICE);
    return new Signature(
        amzDate,
        ALGORITHM
            + " Credential="
            + key.accessKeyId()
            + "/"
            + scope
            + ", SignedHeaders="
            + signedHeaders
            + ", Signature="
            + hex(hmac(signingKey, stringToSign)));
  }

  static byte[] signingKey(String secret, String date, String region, String service) {
    byte[] byDate = hmac(("AWS4" + secret).getBytes(StandardCharsets.UTF_8), date);
    return hmac(hmac(hmac(byDate, region), service), TERMINATOR);
  }

  static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
