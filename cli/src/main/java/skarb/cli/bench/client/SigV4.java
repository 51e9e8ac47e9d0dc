package skarb.cli.bench.client;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Signs requests by AWS Signature Version 4, header form. Keeps the day's key and the second's
/// date, as any client that signs thousands of requests a second would. For one thread.
final class SigV4 {
  /// SHA-256 of nothing, in hex.
  static final String EMPTY_HASH =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  /// Stands for the hash of a body that is not signed.
  static final String UNSIGNED = "UNSIGNED-PAYLOAD";

  private static final DateTimeFormatter AMZ_DATE =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final HexFormat HEX = HexFormat.of();

  private final AccessKey key;
  private final String region;
  private final String service;
  private final InstantSource clock;
  private final MessageDigest sha256;
  private final Mac mac;
  private long second = Long.MIN_VALUE;
  private String amzDate = "";
  private String day = "";

  /// @param service `s3`, or `skarb` for calls of gRPC
  SigV4(AccessKey key, String region, String service, InstantSource clock) {
    this.key = key;
    this.region = region;
    this.service = service;
    this.clock = clock;
    try {
      this.sha256 = MessageDigest.getInstance("SHA-256");
      this.mac = Mac.getInstance("HmacSHA256");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /// Now, as `yyyyMMdd'T'HHmmss'Z'`: what the next signature is made for.
  String amzDate() {
    long now = clock.millis() / 1000;
    if (now != second) {
      second = now;
      amzDate = AMZ_DATE.format(Instant.ofEpochSecond(now));
      if (!amzDate.startsWith(day) || day.isEmpty()) {
        day = amzDate.substring(0, 8);
        init(mac, signingKey());
      }
    }
    return amzDate;
  }

  /// The `authorization` of a request.
  ///
  /// @param canonicalRequest made with the last [#amzDate]
  /// @param signedHeaders their names as the canonical request ends with them
  String authorization(String canonicalRequest, String signedHeaders) {
    String scope = day + "/" + region + "/" + service + "/aws4_request";
    String toSign =
        "AWS4-HMAC-SHA256\n" + amzDate + "\n" + scope + "\n" + hash(ascii(canonicalRequest));
    return "AWS4-HMAC-SHA256 Credential="
        + key.id()
        + "/"
        + scope
        + ", SignedHeaders="
        + signedHeaders
        + ", Signature="
        + HEX.formatHex(mac.doFinal(ascii(toSign)));
  }

  /// SHA-256 in hex.
  String hash(byte[] bytes) {
    return HEX.formatHex(sha256.digest(bytes));
  }

  private byte[] signingKey() {
    byte[] signing = ("AWS4" + key.secret()).getBytes(StandardCharsets.UTF_8);
    for (String step : new String[] {day, region, service, "aws4_request"}) {
      init(mac, signing);
      signing = mac.doFinal(ascii(step));
    }
    return signing;
  }

  private static void init(Mac mac, byte[] key) {
    try {
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a key of bytes always fits", e);
    }
  }

  /// Keys, hosts and names of a load are ASCII.
  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
