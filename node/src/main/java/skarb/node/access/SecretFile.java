package skarb.node.access;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Small files that their owner alone may read. One that everybody may read or change is refused:
/// what is in it is no secret any more. One that its group may read is used, with a warning, since
/// container platforms give a volume's group access by themselves.
///
/// They are written by [skarb.node.disk.WholeFile#writeSecret].
final class SecretFile {
  private static final Logger LOG = LoggerFactory.getLogger(SecretFile.class);
  private static final String POSIX = "posix";

  /// No file of secrets is longer.
  private static final int MAX_BYTES = 64 << 10;

  private SecretFile() {}

  /// The file's bytes.
  ///
  /// @throws NoSuchFileException where there is none
  /// @throws KeyFileException where everybody may read or change it, or it is far too long
  static byte[] read(Path file) throws IOException {
    checkPermissions(file);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (channel.size() > MAX_BYTES) {
        throw new KeyFileException(file, "is not a file of secrets: " + channel.size() + " bytes");
      }
      ByteBuffer bytes = ByteBuffer.allocate((int) channel.size());
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
        // on to the end
      }
      byte[] read = new byte[bytes.flip().remaining()];
      bytes.get(read);
      return read;
    }
  }

  private static void checkPermissions(Path file) throws IOException {
    if (!isPosix(file)) {
      return;
    }
    Set<PosixFilePermission> permissions =
        Files.readAttributes(file, PosixFileAttributes.class).permissions();
    if (permissions.contains(PosixFilePermission.OTHERS_READ)
        || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
      throw new KeyFileException(
          file,
          "is open to every user of the machine ("
              + PosixFilePermissions.toString(permissions)
              + "): run chmod 600 on it, and replace what is in it if others may have read it");
    }
    if (permissions.contains(PosixFilePermission.GROUP_READ)
        || permissions.contains(PosixFilePermission.GROUP_WRITE)) {
      LOG.warn(
          "{} is open to its group ({}); chmod 600 closes it",
          file,
          PosixFilePermissions.toString(permissions));
    }
  }

  private static boolean isPosix(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains(POSIX);
  }
}
