package skarb.testkit.disk;

import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;

/// The handles that are open, each with the stack that opened it. Guarded by the disk's lock.
final class OpenFiles {
  private final TreeMap<Long, Opened> opened = new TreeMap<>();
  private long lastHandle;

  private record Opened(Path path, Throwable where) {}

  /// Where a handle was opened: the cause shown by [#check].
  private static final class OpenedHere extends Exception {
    OpenedHere(Path path) {
      super(path + " was opened here");
    }
  }

  long add(Path path) {
    opened.put(++lastHandle, new Opened(path, new OpenedHere(path)));
    return lastHandle;
  }

  void remove(long handle) {
    opened.remove(handle);
  }

  void clear() {
    opened.clear();
  }

  List<Path> paths() {
    return opened.values().stream().map(Opened::path).toList();
  }

  void check() {
    if (opened.isEmpty()) {
      return;
    }
    AssertionError error = new AssertionError("open files: " + paths());
    opened.values().forEach(it -> error.addSuppressed(it.where));
    throw error;
  }
}
