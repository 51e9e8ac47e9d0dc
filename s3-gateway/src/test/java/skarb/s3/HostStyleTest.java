package skarb.s3;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import skarb.s3.HttpClientSocket.Answer;

class HostStyleTest {
  private final TestGateway s3 = new TestGateway();

  @AfterEach
  void close() {
    s3.close();
  }

  private static String to(String host) {
    return " HTTP/1.1\nHost: " + host + "\nAuthorization: Key ANN\n\n";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"box.localhost", "box.localhost:9000", "a.b.LocalHost", "box.localhost.:80"})
  void virtualHostedAddressesAreRefusedAndMakeNothing(String host) {
    Answer answer = s3.ask("PUT /done" + to(host));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.code()).isEqualTo("InvalidRequest");
    assertThat(answer.body()).contains("Virtual-hosted addresses are not served; use path style");
    assertThat(s3.node.calls()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost", "localhost:9000", "127.0.0.1:9000", "[::1]:9000", "s3.example.com"})
  void otherHostsAreServed(String host) {
    assertThat(s3.ask("PUT /done" + to(host)).status()).isEqualTo(200);
  }

  @Test
  void healthIsToldUnderAnyName() {
    assertThat(s3.ask("GET /health/live" + to("gateway.localhost")).status()).isEqualTo(200);
  }
}
