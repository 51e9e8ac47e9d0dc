package skarb.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import skarb.s3.HttpClientSocket.Answer;

/// Requests that two servers could cut at different places, each followed by one that hides behind
/// it: they are refused, the connection ends, and no handler sees either of them.
class SmugglingTest {
  private static final String FROM_ANN = "Host: s3\r\nAuthorization: Key ANN\r\n";
  private static final String HIDDEN = "GET /box/hidden HTTP/1.1\r\n" + FROM_ANN + "\r\n";
  private final TestGateway s3 = new TestGateway();

  @AfterEach
  void close() {
    s3.close();
  }

  /// Header lines of a PUT: how long is its body?
  private static final List<String> FRAMINGS =
      List.of(
          "Content-Length: 5\r\nTransfer-Encoding: chunked",
          "Transfer-Encoding: chunked\r\nContent-Length: 5",
          "Content-Length: 5\r\nContent-Length: 6",
          "Content-Length: 5\r\nContent-Length: 5",
          "Content-Length: 5\r\ncontent-length: 0",
          "Content-Length: 5, 5",
          "Content-Length: 5,6",
          "Content-Length: +5",
          "Content-Length: -5",
          "Content-Length: 0x5",
          "Content-Length: 5 5",
          "Content-Length: 5;",
          "Content-Length: 5.0",
          "Content-Length: five",
          "Content-Length: \u00b2",
          "Content-Length:",
          "Content-Length: 99999999999999999999",
          "Content-Length : 5",
          "Content-Length\t: 5",
          " Content-Length: 5",
          "\tContent-Length: 5",
          "X-A: b\r\n Content-Length: 5",
          "Content-Length: \r\n 5",
          "Content-Length: 5\r\n\t5",
          "Content-Length: 5\u0000",
          "Content-Length: \u000b5",
          "Content-Length: 5\rTransfer-Encoding: chunked",
          "Content-Length: 5\nTransfer-Encoding: chunked",
          "Transfer-Encoding: xchunked",
          "Transfer-Encoding: chunkedx",
          "Transfer-Encoding: chunk",
          "Transfer-Encoding: \"chunked\"",
          "Transfer-Encoding: 'chunked'",
          "Transfer-Encoding: chunked;q=1",
          "Transfer-Encoding: chunked, identity",
          "Transfer-Encoding: chunked, gzip",
          "Transfer-Encoding: identity, chunked",
          "Transfer-Encoding: identity",
          "Transfer-Encoding: gzip",
          "Transfer-Encoding: chunked, chunked",
          "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
          "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
          "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked",
          "Transfer-Encoding: , chunked",
          "Transfer-Encoding: chunked,",
          "Transfer-Encoding:",
          "Transfer-Encoding:\r\n chunked",
          "Transfer-Encoding: x\r\n chunked",
          "Transfer-Encoding : chunked",
          "Transfer-Encoding\t: chunked",
          " Transfer-Encoding: chunked",
          "Transfer-Encoding: \u000bchunked",
          "Transfer-Encoding: chunked\u0000",
          "Transfer-Encoding: chun\u0000ked",
          "Transfer\u0000-Encoding: chunked",
          "Transfer-Encoding\u00a0: chunked",
          "Transfer Encoding: chunked",
          ": chunked",
          "Transfer-Encoding",
          "X-A: b\rTransfer-Encoding: chunked",
          "X-A: b\nTransfer-Encoding: chunked",
          "X-A: b\u0000\r\nContent-Length: 5",
          "X(A: b\r\nContent-Length: 5",
          "Connection: Content-Length\r\nContent-Length: 5",
          "Connection: close, transfer-encoding\r\nTransfer-Encoding: chunked",
          "Expect: 100-continue, 100-continue\r\nContent-Length: 5",
          "Host: other\r\nContent-Length: 5");

  /// Whole heads: where does the request line end, and whom does it ask?
  private static final List<String> HEADS =
      List.of(
          "GET  /box/a HTTP/1.1\r\n" + FROM_ANN,
          "GET\t/box/a HTTP/1.1\r\n" + FROM_ANN,
          "GET /box/a  HTTP/1.1\r\n" + FROM_ANN,
          "GET /box/a\tHTTP/1.1\r\n" + FROM_ANN,
          "GET /box/a HTTP/1.1 \r\n" + FROM_ANN,
          "GET /box/a HTTP/1.1 HTTP/1.1\r\n" + FROM_ANN,
          "GET /box/a b HTTP/1.1\r\n" + FROM_ANN,
          "GET /box/a\r\n" + FROM_ANN,
          "GET /box/a http/1.1\r\n" + FROM_ANN,
          "GET /box/a HTTP/1.10\r\n" + FROM_ANN,
          "GET /box/a HTTP/11\r\n" + FROM_ANN,
          "GET /box/a HTTP/1.2\r\n" + FROM_ANN,
          "GET /box/a HTTP/2.0\r\n" + FROM_ANN,
          "GET /box/a\u0000 HTTP/1.1\r\n" + FROM_ANN,
          "GET /box/a\r HTTP/1.1\r\n" + FROM_ANN,
          "GET /box/a\u007f HTTP/1.1\r\n" + FROM_ANN,
          "GET /box/a#b HTTP/1.1\r\n" + FROM_ANN,
          "GET http://other/box/a HTTP/1.1\r\n" + FROM_ANN,
          "GET http://s3@other/box/a HTTP/1.1\r\n" + FROM_ANN,
          "GET http:///box/a HTTP/1.1\r\n" + FROM_ANN,
          "GET ftp://s3/box/a HTTP/1.1\r\n" + FROM_ANN,
          " GET /box/a HTTP/1.1\r\n" + FROM_ANN,
          "\u0000GET /box/a HTTP/1.1\r\n" + FROM_ANN,
          "G(ET /box/a HTTP/1.1\r\n" + FROM_ANN,
          "GET /box/a HTTP/1.1\n" + FROM_ANN,
          "GET /box/a HTTP/1.1\r" + FROM_ANN,
          "CONNECT other:443 HTTP/1.1\r\n" + FROM_ANN,
          "PRI * HTTP/2.0\r\n\r\nSM\r\n" + FROM_ANN,
          "PUT /box/a HTTP/1.0\r\nTransfer-Encoding: chunked\r\n" + FROM_ANN,
          "GET /box/a HTTP/1.1\r\nAuthorization: Key ANN\r\n",
          "GET /box/a HTTP/1.1\r\nHost: s3, other\r\nAuthorization: Key ANN\r\n",
          "GET /box/a HTTP/1.1\r\nHost: s3 other\r\nAuthorization: Key ANN\r\n",
          "GET /box/a HTTP/1.1\r\nHost: s3/box\r\nAuthorization: Key ANN\r\n",
          "GET /box/a HTTP/1.1\r\nHost: ann@s3\r\nAuthorization: Key ANN\r\n");

  /// Bodies in chunks, of a request whose head is in order.
  private static final List<String> CHUNKS =
      List.of(
          "g\r\nhello\r\n0\r\n\r\n",
          "\r\nhello\r\n0\r\n\r\n",
          " 5\r\nhello\r\n0\r\n\r\n",
          "+5\r\nhello\r\n0\r\n\r\n",
          "-5\r\nhello\r\n0\r\n\r\n",
          "0x5\r\nhello\r\n0\r\n\r\n",
          "5 5\r\nhello\r\n0\r\n\r\n",
          "5\nhello\r\n0\r\n\r\n",
          "5\rhello\r\n0\r\n\r\n",
          "5;a\nb\r\nhello\r\n0\r\n\r\n",
          "5\r\nhello\n0\r\n\r\n",
          "5\r\nhello0\r\n\r\n",
          "5\r\nhelloX\r\n0\r\n\r\n",
          "5\r\nhell\r\n0\r\n\r\n",
          "100000000\r\nhello\r\n0\r\n\r\n",
          "10000000000000005\r\nhello\r\n0\r\n\r\n",
          "5\r\nhello\r\n0\r\nX\u0000: y\r\n\r\n",
          "5\r\nhello\r\n0\r\nX y\r\n\r\n");

  static Stream<String> heads() {
    return Stream.concat(
        FRAMINGS.stream()
            .map(framing -> "PUT /box/a HTTP/1.1\r\n" + FROM_ANN + framing + "\r\n\r\n0\r\n\r\n"),
        HEADS.stream().map(head -> head + "\r\n"));
  }

  static Stream<String> chunks() {
    return CHUNKS.stream();
  }

  @Test
  void thereAreSixtyAndMore() {
    assertThat(heads().distinct()).hasSizeGreaterThanOrEqualTo(60);
  }

  @ParameterizedTest
  @MethodSource("heads")
  void noHandlerSeesThem(String first) {
    try (HttpClientSocket socket = s3.connect()) {
      socket.sendRaw((first + HIDDEN).getBytes(StandardCharsets.ISO_8859_1));
      Answer answer = socket.answer();

      assertThat(answer.status()).as(answer.body()).isEqualTo(400);
      assertThat(answer.header("connection")).contains("close");
      assertThat(socket.isClosed()).isTrue();
    }
    assertThat(s3.authenticated()).isZero();
    assertThat(s3.node.calls()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("chunks")
  void whatHidesBehindBrokenChunksIsNeverServedAndNothingIsStored(String body) {
    String head =
        "PUT /box/a HTTP/1.1\r\n"
            + FROM_ANN
            + "x-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER\r\n"
            + "x-amz-decoded-content-length: 5\r\nTransfer-Encoding: chunked\r\n\r\n";
    try (HttpClientSocket socket = s3.connect()) {
      socket.sendRaw((head + body + HIDDEN).getBytes(StandardCharsets.ISO_8859_1));
      Answer answer = socket.answer();

      assertThat(answer.status()).as(answer.body()).isEqualTo(400);
      assertThat(answer.header("connection")).contains("close");
      assertThat(socket.isClosed()).isTrue();
    }
    assertThat(s3.authenticated()).isEqualTo(1);
    assertThat(s3.node.store().object("box", "a")).isNull();
  }

  @Test
  void foldedLinesAreSeenWhereverTheyAreCut() throws Exception {
    byte[] bytes =
        ("GET /box/a HTTP/1.1\r\n" + FROM_ANN + "X-A: b\r\n c: d\r\n\r\n" + HIDDEN)
            .getBytes(StandardCharsets.ISO_8859_1);
    int fold = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(" c: d");
    for (int cut = fold - 4; cut <= fold + 3; cut++) {
      try (HttpClientSocket socket = s3.connect()) {
        socket.sendRaw(Arrays.copyOf(bytes, cut));
        // The gateway answers something on another connection: by then it has read these bytes,
        // or will read them together with the rest, which is as good a case.
        assertThat(s3.ask("GET /health/live HTTP/1.1\nHost: s3\n\n").status()).isEqualTo(200);
        socket.sendRaw(Arrays.copyOfRange(bytes, cut, bytes.length));

        assertThat(socket.answer().status()).as("cut at " + cut).isEqualTo(400);
        assertThat(socket.isClosed()).isTrue();
      }
    }
    assertThat(s3.authenticated()).isZero();
  }

  @Test
  void requestsThatOnlyLookOddAreServed() {
    try (HttpClientSocket socket = s3.connect()) {
      socket.sendRaw(
          ("\r\nGET /box/a%20b?x-a=%23 HTTP/1.1\r\nHOST:\ts3 \r\nauthorization:Key ANN\r\n"
                  + "connection: Keep-Alive\r\n\r\n"
                  + HIDDEN)
              .getBytes(StandardCharsets.ISO_8859_1));

      assertThat(socket.answer().code()).isEqualTo("NoSuchKey");
      assertThat(socket.answer().code()).isEqualTo("NoSuchKey");
    }
    assertThat(s3.authenticated()).isEqualTo(2);
  }
}
