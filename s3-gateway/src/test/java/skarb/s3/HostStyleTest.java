package skarb.s3;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
      strings = {"localhost", "localhost:9000", "127.0.0.1:9000", "[::1]:9000", "s3.example.com"})
  void otherHostsAreServed(String host) {
    assertThat(s3.ask("PUT /done" + to(host)).status()).isEqualTo(200);
  }

  @Test
  void healthIsToldUnderAnyName() {
    assertThat(s3.ask("GET /health/live" + to("gateway.localhost")).status()).isEqualTo(200);
  }
}
