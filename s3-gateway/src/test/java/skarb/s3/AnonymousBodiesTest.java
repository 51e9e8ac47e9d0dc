package skarb.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import skarb.s3.HttpClientSocket.Answer;
import skarb.s3.http.Limits;

/// Bodies that nobody signed, of which little or nothing ever comes. One request runs at a time.
class AnonymousBodiesTest {
  private static final String NOBODY = " HTTP/1.1\nHost: s3\n";
  private static final Duration NEVER = Duration.ofMinutes(5);
  private final TestGateway s3 =
      new TestGateway(
          new Limits(9, 1, 16384, 16384, NEVER, NEVER, NEVER, 1000, NEVER, 8 << 20, Duration.ZERO));

  @AfterEach
  void close() {
    s3.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PUT /box/a %Content-Length: 1000",
        "PUT /box/a %Content-Length: 1000000",
        "PUT /box/a %Content-Length: 1000\nExpect: 100-continue",
        "POST /box?delete %Content-MD5: AAAAAAAAAAAAAAAAAAAAAA==\nContent-Length: 4194304",
        "PUT /new-box %Content-Length: 1000",
      })
  void areRefusedUnread(String request) {
    try (HttpClientSocket slow = s3.connect()) {
      Answer answer = slow.send(request.replace(" %", NOBODY) + "\n\n").answer();

      assertThat(answer.status()).as(answer.body()).isEqualTo(403);
      assertThat(answer.code()).isEqualTo("AccessDenied");
      // The slow one has ended its turn: another has it.
      assertThat(s3.ask("GET /health/live" + NOBODY + "\n").status()).isEqualTo(200);
    }
    assertThat(s3.node.calls()).isSubsetOf("Get");
    assertThat(s3.node.store().object("box", "a")).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PUT /none/a %Content-Length: 1000",
        "POST /none?delete %Content-MD5: AAAAAAAAAAAAAAAAAAAAAA==\nContent-Length: 1000",
      })
  void bucketsThatAreNotThereAreSaidToBeSo(String request) {
    try (HttpClientSocket slow = s3.connect()) {
      Answer answer = slow.send(request.replace(" %", NOBODY) + "\n\n").answer();

      assertThat(answer.code()).isEqualTo("NoSuchBucket");
    }
  }

  @Test
  void signedOnesAskForNothingMore() {
    s3.ask("PUT /box/a" + NOBODY + "Authorization: Key ANN\nContent-Length: 1\n\n1");

    assertThat(s3.node.calls()).containsExactly("Put");
  }
}
