package skarb.node.access;

/// How two sites find out whether an access key that both have is the same, without either telling
/// its secret: both compute the same HMAC of it under a secret that they share for this once.
public final class KeyProofs {
  private KeyProofs() {}

  /// HMAC-SHA256 over `skarb/join-key/`, the key's id, a zero byte and its secret.
  public static byte[] proof(byte[] shared, String accessKeyId, String secret) {
    return Hmac.sha256(shared, "skarb/join-key/" + accessKeyId + "\0" + secret);
  }
}
