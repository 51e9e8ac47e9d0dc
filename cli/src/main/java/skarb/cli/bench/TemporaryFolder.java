package skarb.cli.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A folder that is gone when it is closed, or when this program is told to end before.
final class TemporaryFolder implements AutoCloseable {
  private final Path path;
  private final Thread atExit;

  private TemporaryFolder(Path path) {
    this.path = path;
    this.atExit = Thread.ofPlatform().unstarted(this::deleteQuietly);
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /// @param parent made if absent; empty: the system's place for temporary files
  static TemporaryFolder make(Optional<Path> parent) throws IOException {
    if (parent.isEmpty()) {
      return new TemporaryFolder(Files.createTempDirectory("skarb-bench-"));
    }
    Files.createDirectories(parent.get());
    return new TemporaryFolder(Files.createTempDirectory(parent.get(), "skarb-bench-"));
  }

  Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    delete();
    Runtime.getRuntime().removeShutdownHook(atExit);
  }

  private void deleteQuietly() {
    try {
      delete();
    } catch (IOException | UncheckedIOException e) {
      // The server may still be writing: the system clears its place for such folders.
    }
  }

  private void delete() throws IOException {
    if (!Files.exists(path)) {
      return;
    }
    Files.walkFileTree(
        path,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
              throws IOException {
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
