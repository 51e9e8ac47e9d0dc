package skarb.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClientLifeTest {
  private final FakeNode node;

  ClientLifeTest() throws Exception {
    node = new FakeNode();
  }

  @AfterEach
  void stop() {
    node.close();
  }

  @Test
  void closingEndsPauses() {
    SkarbClient client =
        node.client(config -> config.pauses(Duration.ofHours(1), Duration.ofHours(1)));
    CompletableFuture<ObjectInfo> paused =
        client.withDeadline(Duration.ofHours(9)).async().head("b", "k", GetOptions.none());
    client.close();
    assertThatThrownBy(paused::get)
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(SkarbException.class);
    assertThatThrownBy(() -> client.head("b", "k"))
        .isInstanceOfSatisfying(
            SkarbException.Cancelled.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.CLIENT_CLOSED));
  }

  @Test
  void pauseThatTheDeadlineDoesNotAllowIsNotMade() {
    SkarbClient client =
        node.client(config -> config.pauses(Duration.ofHours(1), Duration.ofHours(1)));
    node.refuse("Get", FakeNode.connectionLost());
    assertThatThrownBy(() -> client.withDeadline(Duration.ofMinutes(1)).getBytes("b", "k"))
        .isInstanceOf(SkarbException.Unavailable.class);
  }

  @Test
  void callEndsAtItsDeadline() {
    SkarbClient client = node.client();
    node.objects.store("k", new byte[10]);
    assertThatThrownBy(() -> client.withDeadline(Duration.ofNanos(1)).getBytes("b", "k"))
        .isInstanceOfSatisfying(
            SkarbException.TimedOut.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.DEADLINE_EXCEEDED));
  }

  @Test
  void interruptEndsTheWaitAndIsKept() throws Exception {
    SkarbClient client =
        node.client(config -> config.pauses(Duration.ofHours(1), Duration.ofHours(1)));
    node.refuse("Get", FakeNode.error(Status.Code.RESOURCE_EXHAUSTED, "OVERLOADED"));
    CountDownLatch ended = new CountDownLatch(1);
    boolean[] kept = {false};
    Thread thread =
        new Thread(() -> {
          Thread.currentThread().interrupt();
          try {
            byte[] unused = client.getBytes("b", "k");
          } catch (SkarbException.Cancelled e) {
            kept[0] = Thread.currentThread().isInterrupted();
          }
          ended.countDown();
        });
    thread.start();
    ended.await();
    assertThat(kept[0]).isTrue();
  }

  @Test
  void transferOnWhichNothingMovesIsEnded() {
    SkarbClient client =
        node.client(config -> config.idleLimit(Duration.ofMillis(20)).maxAttempts(2));
    node.objects.silent = true;
    assertThatThrownBy(() -> client.getBytes("b", "k"))
        .isInstanceOfSatisfying(
            SkarbException.TimedOut.class, e -> assertThat(e.reason()).isEqualTo(Reason.STALLED));
    assertThat(node.count("Get")).isEqualTo(2);
  }
}
