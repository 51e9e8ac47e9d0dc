package skarb.node.access;

import java.util.Map;
import java.util.Optional;
import skarb.node.model.NodeException;
import skarb.v1.ErrorReason;

/// Says whether a signature is the one that an access key makes. Secrets are opened here and go no
/// further. Safe for any thread.
public final class SignatureVerifier {
  private static final int MAX_ID_LENGTH = 128;

  private final AccessKeys keys;
  private final SecretBox secrets;

  /// @param keys the keys as they are
  /// @param secrets opens their secrets
  public SignatureVerifier(AccessKeys keys, SecretBox secrets) {
    this.keys = keys;
    this.secrets = secrets;
  }

  /// What is claimed.
  ///
  /// @param accessKeyId the key that is said to have signed
  /// @param date the day of the scope, YYYYMMDD
  /// @param region the region of the scope
  /// @param service the service of the scope
  /// @param stringToSign what was signed, whole
  /// @param signature 64 lower case hex digits
  public record Claim(
      String accessKeyId,
      String date,
      String region,
      String service,
      String stringToSign,
      String signature) {

    @Override
    public String toString() {
      return "Claim[" + accessKeyId + "]";
    }
  }

  /// The signature is right.
  ///
  /// @param key whose it is
  /// @param signingKey signs for the claim's scope, 32 bytes; handed out to gateways alone
  public record Verified(StoredKey key, byte[] signingKey) {
    @Override
    public String toString() {
      return "Verified[" + key.accessKeyId() + "]";
    }
  }

  /// Judges a claim.
  ///
  /// @throws NodeException NO_SUCH_ACCESS_KEY where the key is not there or is disabled,
  ///   SIGNATURE_MISMATCH where another signature would be right
  public Verified verify(Claim claim) {
    StoredKey key =
        Optional.of(claim.accessKeyId())
            .filter(id -> id.length() <= MAX_ID_LENGTH)
            .flatMap(keys::find)
            .filter(StoredKey::enabled)
            .orElseThrow(() -> noSuchKey(claim.accessKeyId()));
    String secret = secrets.open(key.accessKeyId(), key.key().getSecret());
    byte[] signingKey = SigningKeys.derive(secret, claim.date(), claim.region(), claim.service());
    if (!SigningKeys.verify(signingKey, claim.stringToSign(), claim.signature())) {
      throw new NodeException(
          ErrorReason.ERROR_REASON_SIGNATURE_MISMATCH,
          "the signature is not the one that this access key makes");
    }
    return new Verified(key, signingKey);
  }

  private static NodeException noSuchKey(String accessKeyId) {
    return new NodeException(
        ErrorReason.ERROR_REASON_NO_SUCH_ACCESS_KEY,
        "no such access key, or it is disabled",
        Map.of("access_key_id", accessKeyId));
  }
}
