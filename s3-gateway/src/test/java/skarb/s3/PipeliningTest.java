package skarb.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import skarb.s3.HttpClientSocket.Answer;
import skarb.s3.http.Limits;

/// Clients that ask much and read nothing. Each question is small and each answer half a megabyte.
class PipeliningTest {
  private static final String ANN = " HTTP/1.1\nHost: s3\nAuthorization: Key ANN\n";
  private static final int REQUESTS = 400;
  private static final int KEYS = 100;
  private static final Duration NEVER = Duration.ofMinutes(5);

  private static Limits limits(int inFlight, Duration write) {
    return new Limits(
        9, inFlight, 16384, 16384, NEVER, NEVER, NEVER, 1000, write, 4096, Duration.ofMillis(200));
  }

  /// An ampersand takes five characters of XML.
  private static void fill(TestGateway s3) {
    for (int i = 0; i < KEYS; i++) {
      s3.ask("PUT /box/" + (1000 + i) + "&".repeat(1000) + ANN + "Content-Length: 0\n\n");
    }
  }

  private static long lists(TestGateway s3) {
    return s3.node.calls().stream().filter("List"::equals).count();
  }

  @Test
  void answersThatNobodyReadsAreNotMade() {
    try (TestGateway s3 = new TestGateway(limits(9, NEVER));
        HttpClientSocket socket = s3.connect()) {
      fill(s3);
      socket.send(("GET /box" + ANN + "\n").repeat(REQUESTS));

      Awaitility.await().until(() -> lists(s3) > 1);
      // What the kernel takes in both directions is some megabytes.
      Awaitility.await()
          .during(Duration.ofSeconds(3))
          .atMost(Duration.ofSeconds(10))
          .until(() -> lists(s3) < REQUESTS / 4);
      for (int i = 0; i < REQUESTS; i++) {
        Answer answer = socket.answer();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).contains("<Key>1099&amp;").endsWith("</ListBucketResult>");
      }
    }
  }

  @Test
  void clientsThatReadNoAnswersAreCut() {
    try (TestGateway s3 = new TestGateway(limits(1, Duration.ofMillis(200)));
        HttpClientSocket socket = s3.connect()) {
      fill(s3);
      socket.send(("GET /box" + ANN + "\n").repeat(REQUESTS));

      // The only turn is free again for good, though most was never answered.
      Awaitility.await()
          .during(Duration.ofMillis(600))
          .until(() -> s3.ask("GET /box/b" + ANN + "\n").status() == 404);
      assertThat(answersUntilTheEnd(socket)).isLessThan(REQUESTS);
    }
  }

  private static int answersUntilTheEnd(HttpClientSocket socket) {
    int answers = 0;
    try {
      while (answers < REQUESTS) {
        socket.answer();
        answers++;
      }
    } catch (UncheckedIOException e) {
      return answers;
    }
    return answers;
  }
}
