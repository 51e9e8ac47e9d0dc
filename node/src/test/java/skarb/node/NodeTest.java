package skarb.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skarb.node.model.Seams;
import skarb.v1.AccessGrpc;
import skarb.v1.AdminGrpc;
import skarb.v1.CreateKeyRequest;
import skarb.v1.GetStatusRequest;
import skarb.v1.GetStatusResponse;

/// A whole node, opened and closed.
class NodeTest {
  @TempDir Path folder;
  private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);

  @AfterEach
  void stopTimer() {
    timer.shutdownNow();
  }

  private Node open() throws IOException {
    return Node.open(
        NodeConfig.offline(folder.resolve("data")),
        new Seams(
            InstantSource.system(),
            System::nanoTime,
            Thread.ofVirtual().factory(),
            timer,
            new SecureRandom()),
        line -> {});
  }

  private static GetStatusResponse status(Node node) {
    return AdminGrpc.newBlockingStub(node.operatorChannel())
        .getStatus(GetStatusRequest.getDefaultInstance());
  }

  private GetStatusResponse fill() throws IOException {
    try (Node node = open()) {
      assertThat(
              AccessGrpc.newBlockingStub(node.operatorChannel())
                  .createKey(CreateKeyRequest.getDefaultInstance())
                  .getSecretKey())
          .hasSize(40);
      return status(node);
    }
  }

  @Test
  void aStoreIsTheSameAfterARestart() throws IOException {
    GetStatusResponse before = fill();
    try (Node node = open()) {
      GetStatusResponse after = status(node);
      assertThat(after.getStateDigest()).isEqualTo(before.getStateDigest());
      assertThat(after.getJournalBatch()).isEqualTo(before.getJournalBatch());
      assertThat(after.getSiteId()).isEqualTo(before.getSiteId());
      assertThat(after.getAcceptsWrites()).isTrue();
      assertThat(after.getRecoveryNotesList()).isEmpty();
    }
  }

  @Test
  void aDeletedIndexIsMadeAgain() throws IOException {
    GetStatusResponse before = fill();
    deleteAll(folder.resolve("data/index"));
    try (Node node = open()) {
      assertThat(status(node).getStateDigest()).isEqualTo(before.getStateDigest());
    }
  }

  @Test
  void aJournalThatVanishedIsNotReplacedByAnEmptyOne() throws IOException {
    fill();
    Path index = folder.resolve("data/index");
    Files.createDirectories(index);
    Files.writeString(index.resolve("a.mapdb"), "the last copy of the rows");
    Path journal = folder.resolve("data/journal");
    Files.move(journal, folder.resolve("elsewhere"));
    assertThatThrownBy(this::open)
        .isInstanceOf(DataDirectoryException.class)
        .hasMessageContaining("has no journal, but files in 'index'");
    Files.createDirectory(journal);
    assertThatThrownBy(this::open).hasMessageContaining("is its disk mounted?");
    assertThat(index.resolve("a.mapdb")).hasContent("the last copy of the rows");
    Files.delete(journal);
    Files.move(folder.resolve("elsewhere"), journal);
    open().close();
  }

  @Test
  void aFolderThatOthersMayReadIsNoted() throws IOException {
    Files.createDirectory(folder.resolve("data"));
    Files.setPosixFilePermissions(
        folder.resolve("data"),
        java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
    try (Node node = open()) {
      assertThat(node.recoveryNotes())
          .singleElement()
          .asString()
          .contains("can be read by other users of this machine");
    }
  }

  private static void deleteAll(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
  }
}
