package skarb.node.access;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import skarb.v1.SealedSecret;

/// Seals the secrets of access keys for their rows, and opens them: AES-256-GCM under the current
/// realm key. What is sealed for one access key opens for no other. Safe for any thread.
public final class SecretBox {
  private final RealmKeys realmKeys;
  private final RandomGenerator random;

  /// @param random cryptographically strong, and safe for any thread
  public SecretBox(RealmKeys realmKeys, RandomGenerator random) {
    this.realmKeys = realmKeys;
    this.random = random;
  }

  /// Seals a secret.
  public SealedSecret seal(String accessKeyId, String secret) {
    int number = realmKeys.current();
    byte[] key = realmKeys.find(number).orElseThrow();
    byte[] nonce = Aead.newNonce(random);
    byte[] plain = secret.getBytes(StandardCharsets.UTF_8);
    byte[] sealed = Aead.seal(key, nonce, associated(accessKeyId), plain);
    return SealedSecret.newBuilder()
        .setRealmKey(number)
        .setNonce(ByteString.copyFrom(nonce))
        .setCiphertext(ByteString.copyFrom(sealed))
        .build();
  }

  /// Opens a secret.
  ///
  /// @throws SecretSealedElsewhereException if the realm key that sealed it is not here, or if it
  ///   is not this access key's
  public String open(String accessKeyId, SealedSecret sealed) {
    byte[] key =
        realmKeys
            .find(sealed.getRealmKey())
            .orElseThrow(() ->
                new SecretSealedElsewhereException(
                    "the secret of "
                        + accessKeyId
                        + " is sealed under realm key "
                        + sealed.getRealmKey()
                        + ", which this node does not have"));
    return Aead.open(
            key,
            sealed.getNonce().toByteArray(),
            associated(accessKeyId),
            sealed.getCiphertext().toByteArray())
        .map(plain -> new String(plain, StandardCharsets.UTF_8))
        .orElseThrow(() ->
            new SecretSealedElsewhereException(
                "the secret of " + accessKeyId + " does not open: its row is not what was sealed"));
  }

  private static String associated(String accessKeyId) {
    return "skarb/access-key/" + accessKeyId;
  }

  @Override
  public String toString() {
    return "SecretBox[hidden]";
  }
}
