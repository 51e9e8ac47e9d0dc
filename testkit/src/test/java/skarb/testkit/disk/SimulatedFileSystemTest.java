package skarb.testkit.disk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/// The contract on the simulated file system.
final class SimulatedFileSystemTest extends FileSystemContract {
  private final SimulatedFileSystem disk = new SimulatedFileSystem();

  @BeforeEach
  void makeRoot() throws IOException {
    Files.createDirectory(root());
  }

  @AfterEach
  void nothingIsLeftOpen() {
    disk.checkNoOpenFiles();
  }

  @Override
  Path root() {
    return disk.getPath("/root");
  }
}
