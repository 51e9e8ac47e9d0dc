package skarb.node.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import skarb.node.access.SignatureVerifier.Claim;
import skarb.node.model.NodeException;
import skarb.v1.AccessKey;
import skarb.v1.ErrorReason;

/// The numbers are those of the GET example in AWS's description of Signature Version 4.
class SignatureVerifierTest {
  private static final String KEY = "AKIAIOSFODNN7EXAMPLE";
  private static final String SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
  private static final String STRING_TO_SIGN =
      """
      AWS4-HMAC-SHA256
      20130524T000000Z
      20130524/us-east-1/s3/aws4_request
      7344ae5b7ee6c3e7e6b0fe0640412a37625d1fbfff95c48bbb2dc43964946972\
      """;
  private static final String SIGNATURE =
      "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41";

  private final FakeAccessKeys keys = new FakeAccessKeys();
  private final SecretBox secrets = new SecretBox(RealmKeys.create(new Random(1)), new Random(2));
  private final SignatureVerifier verifier = new SignatureVerifier(keys, secrets);

  SignatureVerifierTest() {
    keys.put(
        KEY,
        AccessKey.newBuilder()
            .setUserId("u")
            .setEnabled(true)
            .setSecret(secrets.seal(KEY, SECRET))
            .build());
  }

  @Test
  void publishedExampleVerifies() {
    SignatureVerifier.Verified verified = verifier.verify(claim(KEY, "s3", SIGNATURE));
    assertThat(verified.key().userId()).isEqualTo("u");
    assertThat(verified.signingKey()).hasSize(32);
    assertThat(verified.toString()).doesNotContain(HexFormat.of().formatHex(verified.signingKey()));
  }

  @Test
  void publishedSigningKeyIsDerived() {
    assertThat(
            SigningKeys.derive(
                "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "20150830", "us-east-1", "iam"))
        .asHexString()
        .isEqualToIgnoringCase("c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9");
  }

  @Test
  void anyOtherSignatureDoesNot() {
    expect(ErrorReason.ERROR_REASON_SIGNATURE_MISMATCH, claim(KEY, "s4", SIGNATURE));
    expect(ErrorReason.ERROR_REASON_SIGNATURE_MISMATCH, claim(KEY, "s3", ""));
    expect(
        ErrorReason.ERROR_REASON_SIGNATURE_MISMATCH,
        claim(KEY, "s3", "0" + SIGNATURE.substring(1)));
  }

  @Test
  void keyThatIsNotThereOrDisabledIsNoKey() {
    expect(ErrorReason.ERROR_REASON_NO_SUCH_ACCESS_KEY, claim("AKOTHER", "s3", SIGNATURE));
    keys.setEnabled(KEY, false);
    expect(ErrorReason.ERROR_REASON_NO_SUCH_ACCESS_KEY, claim(KEY, "s3", SIGNATURE));
  }

  private void expect(ErrorReason reason, Claim claim) {
    assertThatThrownBy(() -> verifier.verify(claim))
        .isInstanceOfSatisfying(NodeException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  private static Claim claim(String key, String service, String signature) {
    return new Claim(key, "20130524", "us-east-1", service, STRING_TO_SIGN, signature);
  }
}
