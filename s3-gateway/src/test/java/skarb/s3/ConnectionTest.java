package skarb.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import skarb.s3.HttpClientSocket.Answer;

/// Connections as clients use them: one request after the other, pipelined, given up.
class ConnectionTest {
  private static final String ANN = " HTTP/1.1\nHost: s3\nAuthorization: Key ANN\n";
  private final TestGateway s3 = new TestGateway();
  private final HttpClientSocket socket = s3.connect();

  @AfterEach
  void close() {
    socket.close();
    s3.close();
  }

  @Test
  void requestsFollowOneAnotherOnAConnection() {
    for (int i = 0; i < 3; i++) {
      socket.send("PUT /box/a" + ANN + "Content-Length: 1\n\n" + i);
      assertThat(socket.answer().status()).isEqualTo(200);
      assertThat(socket.send("GET /box/a" + ANN + "\n").answer().body()).isEqualTo("" + i);
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInOrder() {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 50; i++) {
      all.append("PUT /box/a").append(ANN).append("Content-Length: 2\n\n").append(i + 10);
      all.append("GET /box/a").append(ANN).append("\n");
    }
    socket.send(all.toString());
    for (int i = 0; i < 50; i++) {
      assertThat(socket.answer().status()).isEqualTo(200);
      assertThat(socket.answer().body()).isEqualTo("" + (i + 10));
    }
  }

  @Test
  void requestsMayComeByteByByte() {
    for (byte b :
        ("GET /box/a" + ANN + "\n").replace("\n", "\r\n").getBytes(StandardCharsets.US_ASCII)) {
      socket.sendRaw(new byte[] {b});
    }
    assertThat(socket.answer().code()).isEqualTo("NoSuchKey");
  }

  @Test
  void clientsMayCloseAfterAnAnswer() {
    Answer answer = socket.send("GET /box/a" + ANN + "Connection: close\n\n").answer();

    assertThat(answer.header("connection")).contains("close");
    assertThat(socket.isClosed()).isTrue();
  }

  @Test
  void http10ConnectionsCloseUnlessAskedToStay() {
    String old = "GET /box/a HTTP/1.0\nAuthorization: Key ANN\n";

    Answer kept = socket.send(old + "Connection: keep-alive\n\n").answer();
    assertThat(kept.header("connection")).contains("keep-alive");
    assertThat(socket.send(old + "\n").answer().header("connection")).contains("close");
    assertThat(socket.isClosed()).isTrue();
  }

  @Test
  void continueIsSaidOnceTheNodeHasAcceptedTheHead() {
    socket.send("PUT /box/a" + ANN + "Content-Length: 5\nExpect: 100-continue\n\n");

    assertThat(socket.answer().status()).isEqualTo(100);
    assertThat(socket.send("hello").answer().status()).isEqualTo(200);
    assertThat(s3.node.calls()).containsExactly("Upload");
    assertThat(socket.send("GET /box/a" + ANN + "\n").answer().body()).isEqualTo("hello");
  }

  @Test
  void continueIsNotSaidWhereTheAnswerIsAnError() {
    String expect = "Content-Length: 5\nExpect: 100-continue\n\n";

    assertThat(s3.ask("PUT /none/a" + ANN + expect).code()).isEqualTo("NoSuchBucket");
    s3.ask("PUT /box/a" + ANN + "Content-Length: 1\n\n1");
    Answer exists = s3.ask("PUT /box/a" + ANN + "If-None-Match: *\n" + expect);
    assertThat(exists.status()).isEqualTo(412);
    assertThat(exists.header("connection")).contains("close");
    assertThat(s3.ask("PUT /box/a?acl" + ANN + expect).status()).isEqualTo(501);
  }

  @Test
  void clientsThatDoNotWaitForContinueAreServed() {
    socket.send("PUT /box/a" + ANN + "Content-Length: 5\nExpect: 100-continue\n\nhello");
    Answer answer = socket.answer();
    if (answer.status() == 100) {
      answer = socket.answer();
    }

    assertThat(answer.status()).isEqualTo(200);
  }

  @Test
  void smallUnreadBodiesAreSkippedAndTheConnectionGoesOn() {
    socket.send("PUT /box/a?acl" + ANN + "Content-Length: 1000\n\n" + "x".repeat(1000));
    assertThat(socket.answer().status()).isEqualTo(501);

    assertThat(socket.send("GET /box/a" + ANN + "\n").answer().code()).isEqualTo("NoSuchKey");
  }

  @Test
  void largeUnreadBodiesCloseTheConnectionAfterTheAnswerIsRead() {
    socket.send("PUT /box/a?acl" + ANN + "Content-Length: 1000000\n\n" + "x".repeat(500_000));

    Answer answer = socket.answer();
    assertThat(answer.status()).isEqualTo(501);
    assertThat(answer.header("connection")).contains("close");
    assertThat(socket.isClosed()).isTrue();
  }

  @Test
  void bodiesThatBreakOffLeaveNothing() {
    socket.send("PUT /box/a" + ANN + "Content-Length: 1000000\n\n" + "x".repeat(600_000));
    Awaitility.await().until(() -> s3.node.objects().framesTaken() == 2);
    socket.close();

    Awaitility.await().until(() -> s3.node.objects().uploadsCancelled() == 1);
    assertThat(s3.node.store().object("box", "a")).isNull();
  }

  @Test
  void clientsAreReadNoFasterThanTheNodeTakesTheirBytes() throws Exception {
    s3.node.objects().holdUploads();
    byte[] part = "x".repeat(64 * 1024).getBytes(StandardCharsets.US_ASCII);
    socket.send("PUT /box/a" + ANN + "Content-Length: 1000000000\n\n");
    Thread sender =
        Thread.ofVirtual()
            .start(() -> {
              try {
                for (int i = 0; i < 15_000; i++) {
                  socket.sendRaw(part);
                }
              } catch (RuntimeException e) {
                // The test is over.
              }
            });

    assertThat(sender.join(Duration.ofMillis(1500))).as("the whole gigabyte went in").isFalse();
    assertThat(s3.node.objects().framesTaken()).isLessThan(3);
  }

  @Test
  void theNodeIsAskedForNoMoreThanAClientTakes() {
    s3.ask("PUT /box/a" + ANN + "Content-Length: 40000000\n\n" + "x".repeat(40_000_000));
    int before = s3.node.objects().framesSent();

    socket.send("GET /box/a" + ANN + "\n");
    Awaitility.await().until(() -> s3.node.objects().framesSent() > before + 2);
    Awaitility.await()
        .during(Duration.ofMillis(500))
        .until(() -> s3.node.objects().framesSent() < before + 80);
    assertThat(socket.answer().body()).hasSize(40_000_000);
  }

  @Test
  void drainingFinishesWhatIsUnderWay() throws Exception {
    HttpClientSocket idle = s3.connect();
    assertThat(idle.send("GET /health/ready" + ANN + "\n").answer().body()).isEqualTo("ok\n");
    socket.send("PUT /box/a" + ANN + "Content-Length: 5\nExpect: 100-continue\n\n");
    assertThat(socket.answer().status()).isEqualTo(100);

    Thread drain = Thread.ofVirtual().start(() -> s3.gateway.drain(Duration.ofSeconds(20)));
    assertThat(idle.isClosed()).isTrue();
    Answer answer = socket.send("hello").answer();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("connection")).contains("close");
    assertThat(socket.isClosed()).isTrue();
    socket.close();
    assertThat(drain.join(Duration.ofSeconds(10))).isTrue();
  }

  @Test
  void healthNeedsNoSignature() {
    String plain = " HTTP/1.1\nHost: s3\n\n";

    assertThat(socket.send("GET /health/live" + plain).answer().status()).isEqualTo(200);
    assertThat(socket.send("GET /health/ready" + plain).answer().status()).isEqualTo(200);
    assertThat(socket.send("HEAD /health/ready" + plain).answerToHead().status()).isEqualTo(200);
    s3.node.stop();
    assertThat(socket.send("GET /health/ready" + plain).answer().status()).isEqualTo(503);
    assertThat(socket.send("GET /health/live" + plain).answer().status()).isEqualTo(200);
  }
}
