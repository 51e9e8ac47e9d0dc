package skarb.node.index;

import java.io.IOException;
import java.nio.file.Path;
import skarb.node.disk.CorruptFileException;

/// The one place that knows what MapDB throws where a file is not what it wrote: exceptions of all
/// sorts, failed assertions, and the two errors by which the JVM tells that a page of a mapped file
/// cannot be read. Other errors, such as a full heap, say nothing of the file and pass.
final class MapDbGuard {
  private MapDbGuard() {}

  /// Something that MapDB does with a file.
  @FunctionalInterface
  interface Use<T> {
    T use() throws IOException;
  }

  /// Uses a file through MapDB.
  ///
  /// @throws CorruptFileException if MapDB says that the file is not what it wrote
  static <T> T use(Path file, Use<T> use) throws IOException {
    try {
      return use.use();
    } catch (RuntimeException | AssertionError | InternalError | IllegalAccessError e) {
      CorruptFileException damaged =
          new CorruptFileException(file, 0, "a file that MapDB can read", e.toString());
      damaged.initCause(e);
      throw damaged;
    }
  }
}
