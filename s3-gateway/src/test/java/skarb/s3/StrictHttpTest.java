package skarb.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import skarb.s3.HttpClientSocket.Answer;

/// What two servers could read differently is read by neither.
class StrictHttpTest {
  private static final String ANN = " HTTP/1.1\nHost: s3\nAuthorization: Key ANN\n";
  private final TestGateway s3 = new TestGateway();

  @AfterEach
  void close() {
    s3.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 5\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\nContent-Length: 5",
        "Content-Length: 5\nContent-Length: 6",
        "Content-Length: 5\nContent-Length: 5",
        "Content-Length: 5, 5",
        "Content-Length: +5",
        "Content-Length: -1",
        "Content-Length: 0x5",
        "Content-Length: 5 5",
        "Content-Length : 5",
        "Transfer-Encoding: chunked\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked, chunked",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: identity",
        "Host: other",
        "Expect: 200-ok",
        "Transfer-Encoding:\n chunked",
        "Transfer-Encoding: x\n chunked",
        "Content-Length: 5\n 5",
        "Bad Name: a",
        "NoColon",
      })
  void contradictoryHeadsAreRefusedAndTheConnectionEnds(String headers) {
    try (HttpClientSocket socket = s3.connect()) {
      socket.send("PUT /box/a" + ANN + headers + "\n\n0\n\nGET /box/b" + ANN + "\n");
      Answer answer = socket.answer();

      assertThat(answer.status()).as(answer.body()).isIn(400, 501);
      assertThat(answer.code()).isIn("BadRequest", "NotImplemented");
      assertThat(answer.header("connection")).contains("close");
      assertThat(socket.isClosed()).isTrue();
    }
    assertThat(s3.node.calls()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"g\nhello\n0\n\n", "-1\n\n", "5\nhelloX\n0\n\n", "5 5\nhello\n0\n\n"})
  void brokenChunksAreRefused(String body) {
    try (HttpClientSocket socket = s3.connect()) {
      socket.send(
          "PUT /box/a"
              + ANN
              + "x-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER\n"
              + "x-amz-decoded-content-length: 5\nTransfer-Encoding: chunked\n\n"
              + body);

      assertThat(socket.answer().status()).isEqualTo(400);
      assertThat(socket.isClosed()).isTrue();
    }
    assertThat(s3.node.store().object("box", "a")).isNull();
  }

  @Test
  void lineFeedsAloneEndNoLine() {
    try (HttpClientSocket socket = s3.connect()) {
      socket.sendRaw("GET /box/a HTTP/1.1\nHost: s3\n\n".getBytes(StandardCharsets.US_ASCII));

      assertThat(socket.answer().status()).isEqualTo(400);
    }
  }

  @Test
  void headsThatAreTooLongAreRefused() {
    Answer target = s3.ask("GET /box/" + "a".repeat(17_000) + ANN + "\n");
    assertThat(target.status()).isEqualTo(414);

    Answer header = s3.ask("GET /box/a" + ANN + "x-amz-meta-a: " + "a".repeat(17_000) + "\n\n");
    assertThat(header.status()).isEqualTo(400);
    assertThat(header.code()).isEqualTo("RequestHeaderSectionTooLarge");
  }

  @Test
  void hostsAreWantedOnce() {
    assertThat(s3.ask("GET /box/a HTTP/1.1\n\n").status()).isEqualTo(400);
  }

  @Test
  void otherProtocolsAreRefused() {
    assertThat(s3.ask("GET /box/a HTTP/1.2\nHost: s3\n\n").status()).isEqualTo(400);
    assertThat(s3.ask("GET /box/a HTTP/2.0\nHost: s3\n\n").status()).isEqualTo(400);
    assertThat(s3.ask("hello\n\n").status()).isEqualTo(400);
  }

  @Test
  void targetsMayBeWholeUrls() {
    assertThat(s3.ask("GET http://s3/box/a" + ANN + "\n").code()).isEqualTo("NoSuchKey");
    assertThat(s3.ask("GET HTTPS://S3/box/a?versionId=" + ANN + "\n").code())
        .isEqualTo("InvalidArgument");
    assertThat(s3.ask("GET http://s3:9000/box/a" + ANN + "\n").code()).isEqualTo("BadRequest");
    assertThat(s3.ask("GET box/a" + ANN + "\n").code()).isEqualTo("InvalidURI");
    assertThat(s3.ask("GET *" + ANN + "\n").code()).isEqualTo("InvalidURI");
  }

  @Test
  void errorsToHeadHaveNoBody() {
    try (HttpClientSocket socket = s3.connect()) {
      Answer answer = socket.send("HEAD /box/%zz" + ANN + "\n").answerToHead();
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.header("x-amz-request-id")).isPresent();
      assertThat(socket.send("GET /box/a" + ANN + "\n").answer().code()).isEqualTo("NoSuchKey");
    }
  }
}
