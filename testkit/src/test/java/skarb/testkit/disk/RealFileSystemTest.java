package skarb.testkit.disk;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/// The contract on the machine's own file system: what it states is true.
final class RealFileSystemTest extends FileSystemContract {
  @TempDir private Path directory;

  @Override
  Path root() {
    return directory;
  }
}
