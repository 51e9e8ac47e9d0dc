package skarb.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import skarb.s3.HttpClientSocket.Answer;
import skarb.s3.http.Limits;

/// Clients that are too slow or too many, with limits small enough to be reached at once.
class TimeoutsTest {
  private static final String ANN = " HTTP/1.1\nHost: s3\nAuthorization: Key ANN\n";
  private static final Duration SOON = Duration.ofMillis(200);
  private static final Duration NEVER = Duration.ofMinutes(5);

  private static Limits limits(
      int maxConnections, Duration head, Duration keepAlive, Duration body, Duration write) {
    return new Limits(
        maxConnections, 1, 16384, 16384, head, keepAlive, body, 1000, write, 4096, SOON);
  }

  @Test
  void bodiesThatStopComingTimeOut() {
    try (TestGateway s3 = new TestGateway(limits(9, NEVER, NEVER, SOON, NEVER));
        HttpClientSocket socket = s3.connect()) {
      Answer answer = socket.send("PUT /box/a" + ANN + "Content-Length: 100\n\n12345").answer();

      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.code()).isEqualTo("RequestTimeout");
      assertThat(answer.header("connection")).contains("close");
      assertThat(socket.isClosed()).isTrue();
    }
  }

  @Test
  void streamedBodiesThatStopComingTimeOutAndLeaveNothing() {
    try (TestGateway s3 = new TestGateway(limits(9, NEVER, NEVER, SOON, NEVER));
        HttpClientSocket socket = s3.connect()) {
      socket.send("PUT /box/a" + ANN + "Content-Length: 1000000\n\n" + "x".repeat(300_000));

      assertThat(socket.answer().code()).isEqualTo("RequestTimeout");
      assertThat(s3.node.store().object("box", "a")).isNull();
    }
  }

  @Test
  void headsThatStopComingTimeOut() {
    try (TestGateway s3 = new TestGateway(limits(9, SOON, NEVER, NEVER, NEVER));
        HttpClientSocket socket = s3.connect()) {
      assertThat(socket.send("GET /box/a" + ANN + "\n").answer().status()).isEqualTo(404);
      Answer answer = socket.send("GET /box/a HTTP/1.1\nHost:").answer();

      assertThat(answer.code()).isEqualTo("RequestTimeout");
      assertThat(socket.isClosed()).isTrue();
    }
  }

  @Test
  void restingConnectionsAreClosedWithoutAWord() {
    try (TestGateway s3 = new TestGateway(limits(9, NEVER, SOON, NEVER, NEVER));
        HttpClientSocket fresh = s3.connect();
        HttpClientSocket used = s3.connect()) {
      assertThat(used.send("GET /box/a" + ANN + "\n").answer().status()).isEqualTo(404);

      assertThat(used.isClosed()).isTrue();
      assertThat(fresh.isClosed()).isTrue();
    }
  }

  @Test
  void clientsThatTakeNoBytesAreCut() {
    try (TestGateway s3 = new TestGateway(limits(9, NEVER, NEVER, NEVER, SOON));
        HttpClientSocket socket = s3.connect()) {
      s3.ask("PUT /box/a" + ANN + "Content-Length: 40000000\n\n" + "x".repeat(40_000_000));
      socket.send("GET /box/a" + ANN + "\n");

      Awaitility.await().until(() -> s3.ask("GET /box/b" + ANN + "\n").status() == 404);
    }
  }

  @Test
  void connectionsBeyondTheLimitAreToldToSlowDown() {
    try (TestGateway s3 = new TestGateway(limits(1, NEVER, NEVER, NEVER, NEVER));
        HttpClientSocket first = s3.connect()) {
      assertThat(first.send("GET /box/a" + ANN + "\n").answer().status()).isEqualTo(404);

      try (HttpClientSocket second = s3.connect()) {
        Answer answer = second.answer();
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.code()).isEqualTo("SlowDown");
        assertThat(answer.header("retry-after")).isPresent();
      }
      assertThat(first.send("GET /box/a" + ANN + "\n").answer().status()).isEqualTo(404);
    }
  }

  @Test
  void requestsBeyondTheLimitAreToldToSlowDown() {
    try (TestGateway s3 = new TestGateway(limits(9, NEVER, NEVER, NEVER, NEVER));
        HttpClientSocket first = s3.connect()) {
      first.send("PUT /box/a" + ANN + "Content-Length: 1\nExpect: 100-continue\n\n");
      assertThat(first.answer().status()).isEqualTo(100);

      assertThat(s3.ask("GET /box/a" + ANN + "\n").code()).isEqualTo("SlowDown");
      assertThat(first.send("1").answer().status()).isEqualTo(200);
      assertThat(s3.ask("GET /box/a" + ANN + "\n").status()).isEqualTo(200);
    }
  }
}
