package skarb.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;
import skarb.s3.ops.MemoryBudget;

class MemoryTest {
  private static final int STREAM = MemoryBudget.STREAM_BYTES;

  @Test
  void whatIsTakenIsGivenBackOnce() {
    MemoryBudget budget = new MemoryBudget(2L * STREAM, Duration.ofMillis(50));
    MemoryBudget.Share first = budget.take(STREAM);
    try (MemoryBudget.Share _ = budget.take(STREAM)) {
      assertThatThrownBy(() -> budget.take(1))
          .isInstanceOfSatisfying(
              S3Exception.class, e -> assertThat(e.error()).isEqualTo(S3Error.SLOW_DOWN));
      first.close();
      first.close();
      try (MemoryBudget.Share third = budget.take(STREAM)) {
        assertThat(third).isNotNull();
        assertThatThrownBy(() -> budget.take(1)).isInstanceOf(S3Exception.class);
      }
    }
  }

  @Test
  void largerThanTheBudgetIsTheWholeBudget() {
    MemoryBudget budget = new MemoryBudget(STREAM, Duration.ofMillis(50));
    try (MemoryBudget.Share whole = budget.take(100L * STREAM)) {
      assertThat(whole).isNotNull();
    }
  }

  @Test
  void manyLargeBodiesAtOnceShareIt() throws Exception {
    try (TestGateway s3 = new TestGateway()) {
      String body = "x".repeat(1_000_000);
      Thread[] clients = new Thread[64];
      for (int i = 0; i < clients.length; i++) {
        int n = i;
        clients[i] =
            Thread.ofVirtual()
                .start(() -> {
                  s3.ask(
                      "PUT /box/"
                          + n
                          + " HTTP/1.1\nHost: s3\nAuthorization: Key ANN\n"
                          + "Content-Length: 1000000\n\n"
                          + body);
                  assertThat(
                          s3.ask(
                                  "GET /box/"
                                      + n
                                      + " HTTP/1.1\nHost: s3\nAuthorization: Key ANN\n\n")
                              .body())
                      .hasSize(1_000_000);
                });
      }
      for (Thread client : clients) {
        client.join();
      }
      for (int i = 0; i < clients.length; i++) {
        assertThat(s3.node.store().object("box", "" + i)).isNotNull();
      }
    }
  }
}
