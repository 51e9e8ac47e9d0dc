package skarb.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import skarb.s3.HttpClientSocket.Answer;

/// Requests that are answered before their body is read, and whose body looks like a request: it is
/// thrown away or the connection ends, and never is it served.
class UnreadBodiesTest {
  private static final String FROM_ANN = " HTTP/1.1\nHost: s3\nAuthorization: Key ANN\n";
  private static final String HIDDEN = "DELETE /box/kept" + FROM_ANN + "\n";
  private static final String NEXT = "GET /box/kept" + FROM_ANN + "\n";
  private final TestGateway s3 = new TestGateway();

  @AfterEach
  void close() {
    s3.close();
  }

  /// Request line, further header lines, status.
  static Stream<Arguments> refused() {
    return Stream.of(
        Arguments.of("PUT /box/a?acl", "", 501),
        Arguments.of("PUT /box?policy", "", 501),
        Arguments.of("PUT /box/a", "x-amz-tagging: a=b\n", 501),
        Arguments.of("PUT /box/a", "Content-MD5: x\n", 400),
        Arguments.of("PUT /box/a", "x-amz-checksum-crc32: x\n", 400),
        Arguments.of("PUT /box/a", "If-None-Match: \"x\"\n", 501),
        Arguments.of("PUT /box/%zz", "", 400),
        Arguments.of("PUT /box/%FF", "", 400),
        Arguments.of("PUT /", "", 405),
        Arguments.of("POST /box/a", "", 405),
        Arguments.of("PATCH /box/a", "", 405),
        Arguments.of("OPTIONS /box/a", "", 403),
        Arguments.of("POST /box?delete", "", 400),
        Arguments.of("PUT /box/a?partNumber=0&uploadId=u", "", 400),
        Arguments.of("GET /box/none", "", 404),
        Arguments.of("GET /none", "", 404),
        Arguments.of("GET /box?max-keys=x", "", 400),
        Arguments.of("DELETE /box/none", "", 204),
        Arguments.of("DELETE /box/none", "x-amz-if-match-size: 1\n", 501));
  }

  private static String request(String line, String headers, String body) {
    int length = body.replace("\n", "\r\n").length();
    return line + FROM_ANN + headers + "Content-Length: " + length + "\n\n" + body;
  }

  @ParameterizedTest
  @MethodSource("refused")
  void smallOnesAreSkippedAndTheConnectionGoesOn(String line, String headers, int status) {
    s3.ask("PUT /box/kept" + FROM_ANN + "Content-Length: 4\n\nkept");
    try (HttpClientSocket socket = s3.connect()) {
      socket.send(request(line, headers, HIDDEN) + NEXT);

      Answer answer = socket.answer();
      assertThat(answer.status()).as(answer.body()).isEqualTo(status);
      assertThat(answer.header("connection")).isEmpty();
      assertThat(socket.answer().body()).isEqualTo("kept");
    }
    assertThat(s3.node.store().object("box", "a")).isNull();
    assertThat(s3.node.store().object("box", "kept")).isNotNull();
  }

  @ParameterizedTest
  @MethodSource("refused")
  void largeOnesEndTheConnection(String line, String headers, int status) {
    s3.ask("PUT /box/kept" + FROM_ANN + "Content-Length: 4\n\nkept");
    String body = HIDDEN.repeat(10_000);
    try (HttpClientSocket socket = s3.connect()) {
      socket.send(request(line, headers, body).substring(0, 100_000));

      Answer answer = socket.answer();
      assertThat(answer.status()).as(answer.body()).isEqualTo(status);
      assertThat(answer.header("connection")).contains("close");
      assertThat(socket.isClosed()).isTrue();
    }
    assertThat(s3.node.store().object("box", "a")).isNull();
    assertThat(s3.node.store().object("box", "kept")).isNotNull();
  }

  @ParameterizedTest
  @MethodSource("refused")
  void thoseOfNoKnownLengthEndTheConnection(String line, String headers, int status) {
    s3.ask("PUT /box/kept" + FROM_ANN + "Content-Length: 4\n\nkept");
    try (HttpClientSocket socket = s3.connect()) {
      socket.send(
          line
              + FROM_ANN
              + headers
              + "x-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER\n"
              + "x-amz-decoded-content-length: 5\nTransfer-Encoding: chunked\n\n5\n");

      Answer answer = socket.answer();
      assertThat(answer.status()).as(answer.body()).isEqualTo(status);
      assertThat(answer.header("connection")).contains("close");
      assertThat(socket.isClosed()).isTrue();
    }
    assertThat(s3.node.store().object("box", "kept")).isNotNull();
  }
}
