package skarb.testkit.disk;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// One call that reached the disk. Its `toString` is a line of the trace: `write /a/b 0..4096`.
///
/// @param path the file as it was opened or named
/// @param target the new name, of a rename only
/// @param from first byte, of a read or write; the new size, of a truncation
/// @param to one past the last byte, of a read or write
public record DiskOperation(Kind kind, Path path, @Nullable Path target, long from, long to) {

  /// What was done.
  public enum Kind {
    /// A new empty file.
    CREATE,
    /// A new directory.
    CREATE_DIRECTORY,
    /// Bytes into a file.
    WRITE,
    /// A file made shorter.
    TRUNCATE,
    /// `fsync` or `fdatasync` of a file.
    FORCE,
    /// `fsync` of a directory.
    FORCE_DIRECTORY,
    /// A rename, replacing what had the name or not.
    RENAME,
    /// An entry removed.
    DELETE,
    /// Bytes out of a file: the one kind that does not mutate, and is not traced.
    READ
  }

  static DiskOperation of(Kind kind, Path path) {
    return new DiskOperation(kind, path, null, 0, 0);
  }

  static DiskOperation range(Kind kind, Path path, long from, long length) {
    return new DiskOperation(kind, path, null, from, from + length);
  }

  static DiskOperation truncate(Path path, long size) {
    return new DiskOperation(Kind.TRUNCATE, path, null, size, size);
  }

  static DiskOperation rename(Path path, Path target) {
    return new DiskOperation(Kind.RENAME, path, target, 0, 0);
  }

  /// Whether this changes anything: counted by [SimulatedFileSystem#mutations].
  public boolean mutates() {
    return kind != Kind.READ;
  }

  @Override
  public String toString() {
    return switch (kind) {
      case CREATE -> "create " + path;
      case CREATE_DIRECTORY -> "mkdir " + path;
      case WRITE -> "write " + path + " " + from + ".." + to;
      case READ -> "read " + path + " " + from + ".." + to;
      case TRUNCATE -> "truncate " + path + " " + from;
      case FORCE -> "force " + path;
      case FORCE_DIRECTORY -> "force " + path + (path.getNameCount() == 0 ? "" : "/");
      case RENAME -> "rename " + path + " " + target;
      case DELETE -> "delete " + path;
    };
  }
}
