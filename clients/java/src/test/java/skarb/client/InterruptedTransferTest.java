package skarb.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// An interrupt ends a transfer once what it held is let go of: a process that ends waits for its
/// interrupted threads, and for nothing else.
@Timeout(60)
class InterruptedTransferTest {
  private static final int PART = 5 << 20;

  @TempDir Path folder;
  private final FakeNode node;
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch mayGoOn = new CountDownLatch(1);

  InterruptedTransferTest() throws Exception {
    node = new FakeNode();
  }

  @AfterEach
  void stop() {
    mayGoOn.countDown();
    node.multipart.mayAbort.countDown();
    node.close();
  }

  private interface Transfer {
    void run() throws IOException;
  }

  /// In a thread of its own, which says how it ended by whether it is interrupted.
  private static Thread start(Transfer transfer) {
    Thread thread =
        new Thread(() -> {
          try {
            transfer.run();
          } catch (SkarbException.Cancelled e) {
            return;
          } catch (IOException e) {
            throw new AssertionError(e);
          }
          throw new AssertionError("not cancelled");
        });
    thread.start();
    return thread;
  }

  private static void assertWaitsForTheRelease(Thread thread) {
    while (thread.getState() != Thread.State.TIMED_WAITING
        && thread.getState() != Thread.State.TERMINATED) {
      Thread.onSpinWait();
    }
    assertThat(thread.getState()).isEqualTo(Thread.State.TIMED_WAITING);
  }

  private void holdOn(long bytes) {
    begun.countDown();
    try {
      mayGoOn.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void downloadHasDeletedItsPartialFile() throws Exception {
    node.objects.store("k", TestBytes.random(1 << 20));
    SkarbClient client = node.client(config -> config.progress(this::holdOn));
    Thread thread = start(() -> client.get("b", "k", folder.resolve("f")));
    begun.await();
    assertThat(folder).isNotEmptyDirectory();
    thread.interrupt();
    assertWaitsForTheRelease(thread);
    mayGoOn.countDown();
    thread.join();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void downloadThatPausesHasDeletedItsPartialFile() throws Exception {
    node.objects.store("k", TestBytes.random(1 << 20));
    node.objects.breaking.set(1);
    CountDownLatch broken = new CountDownLatch(8);
    SkarbClient client =
        node.client(config ->
            config
                .pauses(Duration.ofHours(1), Duration.ofHours(1))
                .progress(bytes -> broken.countDown()));
    Thread thread = start(() -> client.get("b", "k", folder.resolve("f")));
    broken.await();
    thread.interrupt();
    thread.join();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void uploadInPartsIsAborted() throws Exception {
    node.multipart.mayAbort = new CountDownLatch(1);
    SkarbClient client =
        node.client(config ->
            config.multipartThreshold(PART).partSize(PART).progress(bytes -> begun.countDown()));
    CountDownLatch silence = new CountDownLatch(1);
    InputStream silent =
        new InputStream() {
          @Override
          public int read() {
            try {
              silence.await();
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
            return -1;
          }

          @Override
          public int read(byte[] bytes, int offset, int length) {
            return read();
          }
        };
    InputStream body =
        new SequenceInputStream(new ByteArrayInputStream(TestBytes.random(PART)), silent);
    Thread thread = start(() -> client.put("b", "k", body));
    begun.await();
    thread.interrupt();
    assertWaitsForTheRelease(thread);
    node.multipart.mayAbort.countDown();
    thread.join();
    assertThat(node.multipart.aborted).isTrue();
    silence.countDown();
  }
}
