package skarb.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.Context;
import io.grpc.Status;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import skarb.s3.HttpClientSocket.Answer;
import skarb.s3.fake.Errors;
import skarb.v1.CopyResponse;
import skarb.v1.ErrorReason;
import skarb.v1.ObjectsGrpc;

class SlowAnswersTest {
  private static final String COPY =
      "PUT /box/to HTTP/1.1\nHost: s3\nAuthorization: Key ANN\nx-amz-copy-source: box/a\n\n";
  private final TestGateway s3 =
      new TestGateway(config -> config.withAnswerPatience(Duration.ofMillis(20)));
  private final CountDownLatch held = new CountDownLatch(1);

  @AfterEach
  void close() {
    held.countDown();
    s3.close();
  }

  private CopyResponse held() {
    try {
      held.await();
    } catch (InterruptedException e) {
      throw Status.CANCELLED.asRuntimeException();
    }
    return CopyObjectTest.copied();
  }

  /// Reads up to the first space that was sent because nothing else was there.
  private static String begun(HttpClientSocket socket) throws Exception {
    StringBuilder read = new StringBuilder();
    while (!read.toString().endsWith("\r\n1\r\n \r\n")) {
      read.append((char) socket.stream().read());
    }
    return read.toString();
  }

  @Test
  void spacesAreSentUntilTheDocumentIsThere() throws Exception {
    s3.node.script(ObjectsGrpc.getCopyMethod(), request -> held());
    try (HttpClientSocket socket = s3.connect()) {
      socket.send(COPY);
      assertThat(begun(socket))
          .startsWith("HTTP/1.1 200 OK\r\n")
          .contains("Transfer-Encoding: chunked\r\n")
          .contains("Content-Type: application/xml\r\n")
          .doesNotContain("Content-Length")
          .endsWith("\r\n\r\n27\r\n<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\r\n1\r\n \r\n");
      held.countDown();
      String rest = socket.chunks();
      assertThat(rest.strip()).startsWith("<CopyObjectResult ").endsWith("</CopyObjectResult>");
      Answer next =
          socket.send("HEAD /box HTTP/1.1\nHost: s3\nAuthorization: Key ANN\n\n").answerToHead();
      assertThat(next.status()).as("the connection goes on").isEqualTo(200);
    }
  }

  @Test
  void errorsThatComeLateAreInTheBody() throws Exception {
    s3.node.script(
        ObjectsGrpc.getCopyMethod(),
        request -> {
          var _ = held();
          throw Errors.of(
              Status.Code.NOT_FOUND, ErrorReason.ERROR_REASON_NO_SUCH_KEY, Map.of("key", "a"));
        });
    try (HttpClientSocket socket = s3.connect()) {
      socket.send(COPY);
      begun(socket);
      held.countDown();
      assertThat(socket.chunks().strip())
          .startsWith("<Error><Code>NoSuchKey</Code>")
          .contains("<Key>a</Key>")
          .endsWith("</Error>");
    }
  }

  @Test
  void oldClientsWaitForTheWhole() {
    s3.node.script(
        ObjectsGrpc.getCopyMethod(),
        request -> {
          await().pollDelay(Duration.ofMillis(60)).until(() -> true);
          return CopyObjectTest.copied();
        });

    Answer answer = s3.ask(COPY.replace("HTTP/1.1", "HTTP/1.0"));
    assertThat(answer.header("content-length")).isPresent();
    assertThat(answer.body()).startsWith("<?xml").endsWith("</CopyObjectResult>");
  }

  @Test
  void nobodyWorksForAClientThatIsGone() {
    CountDownLatch cancelled = new CountDownLatch(1);
    s3.node.script(
        ObjectsGrpc.getCopyMethod(),
        request -> {
          Context.current().addListener(gone -> cancelled.countDown(), Runnable::run);
          return held();
        });
    try (HttpClientSocket socket = s3.connect()) {
      socket.send(COPY);
      await().until(() -> s3.node.calls().contains("Copy"));
    }

    await().until(() -> cancelled.getCount() == 0);
  }
}
