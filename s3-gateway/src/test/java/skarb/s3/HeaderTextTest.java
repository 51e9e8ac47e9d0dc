package skarb.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import skarb.s3.HttpClientSocket.Answer;
import skarb.s3.fake.FakeNode;
import skarb.s3.fake.FakeStore.Stored;

/// Header values beyond ASCII, signed over the bytes that are sent.
class HeaderTextTest {
  private static final String SECRET = "secret";
  private static final String DAY = "20261125";
  private static final String SCOPE = DAY + "/us-east-1/s3/aws4_request";
  private static final String TIME = DAY + "T100000Z";
  private final FakeNode node = new FakeNode();
  private final Gateway gateway;

  HeaderTextTest() throws IOException {
    node.store().addBucket("box", "user-ANN");
    node.access().add("ANN", SECRET);
    gateway =
        Gateway.start(
            GatewayConfig.defaults(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
            node.channel(),
            InstantSource.fixed(TestGateway.NOW),
            new Random(1));
  }

  @AfterEach
  void close() {
    gateway.close();
    node.close();
  }

  static Stream<Arguments> values() {
    return Stream.of(
        Arguments.of("Caf\u00e9", StandardCharsets.UTF_8),
        Arguments.of("Caf\u00e9", StandardCharsets.ISO_8859_1),
        Arguments.of("\u65e5\u672c \u00fc", StandardCharsets.UTF_8),
        Arguments.of("\ud83d\ude00", StandardCharsets.UTF_8),
        Arguments.of("plain", StandardCharsets.US_ASCII));
  }

  @ParameterizedTest
  @MethodSource("values")
  void valuesAreSignedAsTheyAreSentAndStoredAsTheyAreMeant(String value, Charset charset)
      throws Exception {
    String sent = new String(value.getBytes(charset), StandardCharsets.ISO_8859_1);

    Answer put = ask("PUT", sent, sent);
    assertThat(put.status()).as(put.body()).isEqualTo(200);
    Stored stored = Objects.requireNonNull(node.store().object("box", "a"));
    assertThat(stored.info().getAttributes().getUserMetadata(0).getName()).isEqualTo("name");
    assertThat(stored.info().getAttributes().getUserMetadata(0).getValue()).isEqualTo(value);
    String back = ask("GET", "", "").header("x-amz-meta-name").orElse("");
    assertThat(new String(back.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8))
        .isEqualTo(value);
  }

  @Test
  void bothKindsGoTogether() throws Exception {
    String both = "Caf\u00e9\nx-amz-meta-second: Caf\u00c3\u00a9";

    Answer put = ask("PUT", both, both);
    assertThat(put.status()).as(put.body()).isEqualTo(200);
    assertThat(
            Objects.requireNonNull(node.store().object("box", "a"))
                .info()
                .getAttributes()
                .getUserMetadataList())
        .hasSize(2)
        .allMatch(each -> each.getValue().equals("Caf\u00e9"));
  }

  @Test
  void oneWayToWriteALetterIsNotSignedForTheOther() throws Exception {
    assertThat(ask("PUT", "Caf\u00e9", "Caf\u00c3\u00a9").code())
        .isEqualTo("SignatureDoesNotMatch");
    assertThat(ask("PUT", "Caf\u00c3\u00a9", "Caf\u00e9").code())
        .isEqualTo("SignatureDoesNotMatch");
  }

  /// Sends one value and signs another; each character is a byte.
  private Answer ask(String method, String sent, String signed) throws Exception {
    boolean second = signed.contains("\n");
    String names =
        "host;x-amz-content-sha256;x-amz-date;x-amz-meta-name"
            + (second ? ";x-amz-meta-second" : "");
    String canonical =
        method
            + "\n/box/a\n\nhost:s3\nx-amz-content-sha256:UNSIGNED-PAYLOAD\nx-amz-date:"
            + TIME
            + "\nx-amz-meta-name:"
            + signed.replace("second: ", "second:")
            + "\n\n"
            + names
            + "\nUNSIGNED-PAYLOAD";
    String toSign = "AWS4-HMAC-SHA256\n" + TIME + "\n" + SCOPE + "\n" + sha256(canonical);
    try (HttpClientSocket socket = new HttpClientSocket(gateway.address())) {
      return socket
          .send(
              method
                  + " /box/a HTTP/1.1\nHost: s3\nx-amz-content-sha256: UNSIGNED-PAYLOAD\nx-amz-date: "
                  + TIME
                  + "\nx-amz-meta-name: "
                  + sent
                  + "\nAuthorization: AWS4-HMAC-SHA256 Credential=ANN/"
                  + SCOPE
                  + ", SignedHeaders="
                  + names
                  + ", Signature="
                  + signature(toSign)
                  + "\nContent-Length: 0\n\n")
          .answer();
    }
  }

  private static String sha256(String text) throws GeneralSecurityException {
    return HexFormat.of()
        .formatHex(
            MessageDigest.getInstance("SHA-256")
                .digest(text.getBytes(StandardCharsets.ISO_8859_1)));
  }

  private static String signature(String toSign) throws GeneralSecurityException {
    byte[] key = ("AWS4" + SECRET).getBytes(StandardCharsets.US_ASCII);
    for (String part : new String[] {DAY, "us-east-1", "s3", "aws4_request"}) {
      key = hmac(key, part);
    }
    return HexFormat.of().formatHex(hmac(key, toSign));
  }

  private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
  }
}
