package skarb.node.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/// Small files that are written whole or not at all: to a temporary file, forced, renamed, the
/// folder forced.
public final class WholeFile {
  private static final String POSIX = "posix";

  private WholeFile() {}

  /// Writes a file, or replaces it.
  public static void write(Path file, byte[] bytes) throws IOException {
    replace(file, bytes);
  }

  /// Writes a file that its owner alone may read; nobody else could ever open the temporary one.
  public static void writeSecret(Path file, byte[] bytes) throws IOException {
    if (file.getFileSystem().supportedFileAttributeViews().contains(POSIX)) {
      replace(
          file,
          bytes,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } else {
      replace(file, bytes);
    }
  }

  private static void replace(Path file, byte[] bytes, FileAttribute<?>... attributes)
      throws IOException {
    Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
    Files.deleteIfExists(temporary);
    Files.createFile(temporary, attributes);
    try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Path parent = file.getParent();
    if (parent != null) {
      DirectorySync.force(parent);
    }
  }
}
