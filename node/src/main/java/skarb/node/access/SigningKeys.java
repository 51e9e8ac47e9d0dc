package skarb.node.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/// The arithmetic of AWS Signature Version 4, as its specification has it: a chain of HMACs from
/// the secret to the key that signs on one day, in one region, for one service.
final class SigningKeys {
  /// What ends every scope.
  static final String TERMINATOR = "aws4_request";

  private SigningKeys() {}

  static byte[] derive(String secret, String date, String region, String service) {
    byte[] byDate = Hmac.sha256(("AWS4" + secret).getBytes(StandardCharsets.UTF_8), date);
    return Hmac.sha256(Hmac.sha256(Hmac.sha256(byDate, region), service), TERMINATOR);
  }

  /// Whether a signature is the one that a key makes; takes as long whatever the signature.
  static boolean verify(byte[] signingKey, String stringToSign, String signature) {
    byte[] expected =
        HexFormat.of()
            .formatHex(Hmac.sha256(signingKey, stringToSign))
            .getBytes(StandardCharsets.US_ASCII);
    return MessageDigest.isEqual(expected, signature.getBytes(StandardCharsets.UTF_8));
  }
}
