package skarb.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import skarb.s3.HttpClientSocket.Answer;

class DeleteObjectsTest {
  private static final String ANN = " HTTP/1.1\nHost: s3\nAuthorization: Key ANN\n";
  private final TestGateway s3 = new TestGateway();

  @AfterEach
  void close() {
    s3.close();
  }

  private Answer delete(String header, String body) {
    return s3.ask(
        "POST /box?delete" + ANN + header + "\nContent-Length: " + body.length() + "\n\n" + body);
  }

  private static String md5(String body) throws Exception {
    byte[] digest =
        MessageDigest.getInstance("MD5").digest(body.getBytes(StandardCharsets.ISO_8859_1));
    return "Content-MD5: " + Base64.getEncoder().encodeToString(digest);
  }

  @Test
  void eachKeyHasItsOutcome() throws Exception {
    s3.ask("PUT /box/a" + ANN + "Content-Length: 1\n\n1");
    s3.ask("PUT /box/b" + ANN + "Content-Length: 1\n\n1");
    String body =
        "<Delete><Object><Key>a</Key></Object><Object><Key>b</Key><ETag>x</ETag></Object>"
            + "<Object><Key>none&amp;</Key></Object></Delete>";

    Answer answer = delete(md5(body), body);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body())
        .contains("<Deleted><Key>a</Key></Deleted>")
        .contains("<Deleted><Key>none&amp;</Key></Deleted>")
        .contains("<Error><Key>b</Key><Code>PreconditionFailed</Code>");
    assertThat(s3.node.store().object("box", "a")).isNull();
    assertThat(s3.node.store().object("box", "b")).isNotNull();
  }

  @Test
  void quietAnswersNameFailuresOnly() throws Exception {
    String body =
        "<Delete><Quiet>true</Quiet><Object><Key>a</Key></Object>"
            + "<Object><Key>b</Key><ETag>x</ETag></Object></Delete>";

    assertThat(delete(md5(body), body).body())
        .doesNotContain("Deleted>")
        .contains("<Error><Key>b</Key>");
  }

  @Test
  void aChecksumOfAnyKindIsWantedAndChecked() throws Exception {
    String body = "<Delete><Object><Key>a</Key></Object></Delete>";

    Answer none = delete("x-amz-meta-a: b", body);
    assertThat(none.status()).isEqualTo(400);
    assertThat(none.body()).contains("Missing required header for this request: Content-MD5");
    assertThat(delete(md5("other"), body).code()).isEqualTo("BadDigest");
    assertThat(delete("x-amz-checksum-crc32: AAAAAA==", body).code()).isEqualTo("BadDigest");
    assertThat(delete("x-amz-checksum-crc64nvme: AAAAAAAAAAA=", body).code())
        .isEqualTo("BadDigest");
    assertThat(delete(crc32(body), body).status()).isEqualTo(200);
    assertThat(delete(md5(body) + "\nx-amz-content-sha256: " + "0".repeat(64), body).code())
        .isEqualTo("XAmzContentSHA256Mismatch");
  }

  @Test
  void conditionsThatAreNotServedAreRefused() throws Exception {
    String body = "<Delete><Object><Key>a</Key><Size>1</Size></Object></Delete>";

    assertThat(delete(md5(body), body).status()).isEqualTo(501);
  }

  @Test
  void documentsThatAreTooLongAreNotRead() {
    assertThat(
            s3.ask(
                    "POST /box?delete"
                        + ANN
                        + "Content-MD5: AAAAAAAAAAAAAAAAAAAAAA==\nContent-Length: 5000000\n\n")
                .code())
        .isEqualTo("MalformedXML");
  }

  private static String crc32(String body) {
    CRC32 crc = new CRC32();
    crc.update(body.getBytes(StandardCharsets.ISO_8859_1));
    byte[] bytes = ByteBuffer.allocate(4).putInt((int) crc.getValue()).array();
    return "x-amz-checksum-crc32: " + Base64.getEncoder().encodeToString(bytes);
  }
}
