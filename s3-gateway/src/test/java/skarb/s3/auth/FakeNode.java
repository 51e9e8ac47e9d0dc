package skarb.s3.auth;

import java.util.HashMap;
import java.util.Map;

/// A node that knows some keys and counts how often it is asked.
final class FakeNode implements SignatureService {
  private record Secret(String text, long generation) {}

  private final Map<String, Secret> secrets = new HashMap<>();
  private int asked;

  /// A node that knows the key of AWS's examples.
  static FakeNode withExampleKey() {
    FakeNode node = new FakeNode();
    node.put(TestKeys.ID, TestKeys.SECRET, 1);
    return node;
  }

  void put(String accessKeyId, String secret, long generation) {
    secrets.put(accessKeyId, new Secret(secret, generation));
  }

  void remove(String accessKeyId) {
    secrets.remove(accessKeyId);
  }

  int asked() {
    return asked;
  }

  @Override
  public Verdict verify(Claim claim) {
    asked++;
    Secret secret = secrets.get(claim.accessKeyId());
    if (secret == null) {
      return new Verdict.NoSuchKey();
    }
    if (!TestKeys.sign(secret.text(), claim.scope(), claim.stringToSign())
        .equals(claim.signature())) {
      return new Verdict.Mismatch();
    }
    return new Verdict.Verified(
        new Principal(claim.accessKeyId(), secret.generation(), "user", "User"),
        new SigningKey(TestKeys.signingKey(secret.text(), claim.scope())));
  }
}
