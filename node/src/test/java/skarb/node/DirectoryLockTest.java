package skarb.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two processes and one folder.
class DirectoryLockTest {
  private static final long HELD = 0;
  private static final long SERVED = 1;
  private static final Patience NONE = new Patience(0, time -> {});

  @TempDir Path folder;
  private Path root;
  private OtherProcess other;
  private final AtomicInteger pauses = new AtomicInteger();

  @BeforeEach
  void start() throws Exception {
    root = folder.resolve("data");
    open(NONE).close();
    other = OtherProcess.start(root.resolve("lock"));
  }

  @AfterEach
  void stop() {
    other.kill();
  }

  private DataDirectory open(Patience patience) {
    return DataDirectory.open(root, "", new SplittableRandom(1), patience);
  }

  /// Meanwhile this happens, in the third pause.
  private Patience until(Runnable event) {
    return new Patience(
        10,
        time -> {
          if (pauses.incrementAndGet() == 3) {
            event.run();
          }
        });
  }

  private void address(String text) throws Exception {
    Files.writeString(root.resolve("address"), text + "\n");
  }

  @Test
  void theAddressOfAKilledServerIsGoneOnceSomebodyHoldsTheFolder() throws Exception {
    address("127.0.0.1:9010");
    try (DataDirectory data = open(NONE)) {
      assertThat(data.root().resolve("address")).doesNotExist();
    }
  }

  @Test
  void theAddressOfAKilledServerIsNotBelievedWhileAnotherProcessHoldsTheFolder() throws Exception {
    address("127.0.0.1:9010");
    other.lock(HELD);
    assertThatThrownBy(() -> DataDirectory.runningServer(root, NONE))
        .isInstanceOf(DataDirectoryException.class)
        .hasMessageContaining(root + " is held by a server that is starting or stopping");
  }

  @Test
  void theAddressOfAServerInAnotherProcessIsBelieved() throws Exception {
    address("127.0.0.1:9010");
    other.lock(HELD);
    other.lock(SERVED);
    assertThat(DataDirectory.runningServer(root, NONE)).isEqualTo("127.0.0.1:9010");
    other.kill();
    assertThat(DataDirectory.runningServer(root, NONE)).isNull();
  }

  @Test
  void whatIsPublishedIsLockedForOtherProcesses() throws Exception {
    try (DataDirectory data = open(NONE)) {
      other.share(SERVED);
      other.release();
      data.publishAddress("127.0.0.1:9010");
      assertThatThrownBy(() -> other.share(SERVED)).hasMessageContaining("refused");
    }
    other.share(SERVED);
  }

  @Test
  void aServerThatIsStartingIsWaitedFor() throws Exception {
    other.lock(HELD);
    Patience patience =
        until(() -> {
          try {
            address("127.0.0.1:9010");
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
          other.lock(SERVED);
        });
    assertThat(DataDirectory.runningServer(root, patience)).isEqualTo("127.0.0.1:9010");
    assertThat(pauses).hasValue(3);
  }

  @Test
  void aCommandThatHasTheStoreOpenIsWaitedFor() {
    other.lock(HELD);
    assertThat(DataDirectory.runningServer(root, until(other::release))).isNull();
    assertThat(pauses).hasValue(3);
  }

  @Test
  void whoOpensTheStoreWaitsForThoseWhoLookOrWork() {
    other.share(HELD);
    open(until(other::release)).close();
    pauses.set(0);
    other.lock(HELD);
    open(until(other::release)).close();
    assertThat(pauses).hasValue(3);
  }

  @Test
  void patienceEnds() {
    other.lock(HELD);
    assertThatThrownBy(() -> open(new Patience(4, time -> pauses.incrementAndGet())))
        .isInstanceOf(DataDirectoryException.class)
        .hasMessageContaining(root + " is held by another process");
    assertThat(pauses).hasValue(4);
  }

  @Test
  void aServerThatRunsIsNotWaitedFor() {
    other.lock(HELD);
    other.lock(SERVED);
    assertThatThrownBy(() -> open(until(other::release)))
        .isInstanceOf(DataDirectoryException.class)
        .hasMessageContaining(root + " is held by another process");
    assertThat(pauses).hasValue(0);
  }

  @Test
  void thoseWhoLookDoNotKeepOneAnotherOut() {
    other.share(HELD);
    other.share(SERVED);
    assertThat(DataDirectory.runningServer(root, NONE)).isNull();
  }
}
