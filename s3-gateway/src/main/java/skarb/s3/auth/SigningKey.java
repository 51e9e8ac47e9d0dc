package skarb.s3.auth;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The signing key of one access key, day, region and service. Shows nothing of itself. Immutable.
public final class SigningKey {
  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKeySpec key;

  /// From its 32 bytes, which are copied.
  public SigningKey(byte[] bytes) {
    if (bytes.length != 32) {
      throw new IllegalArgumentException("a signing key of " + bytes.length + " bytes");
    }
    key = new SecretKeySpec(bytes, ALGORITHM);
  }

  /// The signature of a string to sign: 64 lower case hex digits.
  public String sign(String stringToSign) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return HexFormat.of().formatHex(mac.doFinal(stringToSign.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }

  @Override
  public String toString() {
    return "SigningKey[hidden]";
  }
}
