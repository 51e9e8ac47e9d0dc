package skarb.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/// The first two have the numbers of AWS's description of Signature Version 4, the third those of
/// the example in docs/grpc.md.
class SigV4Test {
  private static final String KEY = "AKIAIOSFODNN7EXAMPLE";
  private static final String SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

  @Test
  void publishedSigningKeyIsDerived() {
    assertThat(
            SigV4.signingKey(
                "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "20150830", "us-east-1", "iam"))
        .asHexString()
        .isEqualToIgnoringCase("c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9");
  }

  @Test
  void publishedExampleIsSigned() {
    String stringToSign =
        """
        AWS4-HMAC-SHA256
        20130524T000000Z
        20130524/us-east-1/s3/aws4_request
        7344ae5b7ee6c3e7e6b0fe0640412a37625d1fbfff95c48bbb2dc43964946972\
        """;
    byte[] key = SigV4.signingKey(SECRET, "20130524", "us-east-1", "s3");
    assertThat(HexFormat.of().formatHex(SigV4.hmac(key, stringToSign)))
        .isEqualTo("f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
  }

  @Test
  void callIsSignedAsTheDocumentationSays() {
    SigV4.Signature signature =
        SigV4.sign(
            (Credentials.Key) Credentials.accessKey(KEY, SECRET),
            "skarb.v1.Objects/Get",
            "127.0.0.1:9010",
            Instant.parse("2025-01-02T03:04:05Z"));
    assertThat(signature.amzDate()).isEqualTo("20250102T030405Z");
    assertThat(signature.authorization())
        .isEqualTo(
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20250102/us-east-1/skarb/aws4_request,"
                + " SignedHeaders=host;x-amz-date, Signature=b2083b133ad1e032f99b8821353391ec8fb1a046699f84fa1e40ccb9d7670792");
  }

  @Test
  void gatewaySignsWhomItSpeaksForToo() {
    Credentials key = Credentials.accessKey(KEY, SECRET);
    Instant now = Instant.parse("2025-01-02T03:04:05Z");
    String ofOne = key.metadata("m/M", "host", new byte[] {1}, now).get("authorization");
    assertThat(ofOne)
        .contains("SignedHeaders=host;skarb-context-bin;x-amz-date, ")
        .isNotEqualTo(key.metadata("m/M", "host", new byte[] {2}, now).get("authorization"));
  }

  @Test
  void credentialsTellNoSecret() {
    assertThat(Credentials.accessKey(KEY, SECRET)).asString().contains(KEY).doesNotContain(SECRET);
    assertThat(Credentials.token("sesame")).asString().doesNotContain("sesame");
  }
}
