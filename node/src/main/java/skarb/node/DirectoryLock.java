package skarb.node;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import skarb.node.disk.DirectorySync;
import skarb.node.disk.WholeFile;

/// Who has a store's folder, and whether he takes calls: two bytes of the file `lock`, each locked
/// for itself.
///
/// ```
/// byte 0   locked by the process that has the store open
/// byte 1   locked by it as well once the file 'address' says where it listens
/// ```
///
/// The locks are the operating system's, so they end with the process, however that ends. The file
/// `address` does not: one that a killed server left must not be believed, since anybody may listen
/// there by now and would be given the operator's token. So it is read only while byte 1 is locked,
/// which nobody locks before he has written his own address.
///
/// Those who look take locks that are shared, for a moment: they do not keep one another out, and
/// whoever opens the store tries again.
final class DirectoryLock implements AutoCloseable {
  /// What a look says of a folder that nobody serves.
  static final String NOBODY = "";

  private static final Set<StandardOpenOption> OPTIONS =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  private static final long HELD = 0;
  private static final long SERVED = 1;

  /// The folders of the machine's own file system that this process holds, each with the address
  /// that was published for it. The operating system's locks belong to the process: closing any
  /// other channel on the same file gives them up, so a second look must not even open it.
  private static final Map<Path, String> HELD_HERE = new ConcurrentHashMap<>();

  /// Held while this process looks at a folder that it does not hold, and while it begins to hold
  /// one.
  private static final ReentrantLock LOOKING = new ReentrantLock();

  private final Path root;
  private final Path absolute;
  private final FileChannel channel;

  private DirectoryLock(Path root, Path absolute, FileChannel channel) {
    this.root = root;
    this.absolute = absolute;
    this.channel = channel;
  }

  /// Takes a folder, and forgets the address that was published for it.
  ///
  /// @param patience for those who only look, and for a command that has the store open
  /// @throws DataDirectoryException where somebody else has it
  static DirectoryLock take(Path root, Patience patience) {
    Path absolute = root.toAbsolutePath().normalize();
    if (absolute.getFileSystem().equals(FileSystems.getDefault()) && !beginToHold(absolute)) {
      throw new DataDirectoryException(root + " is held by this process already");
    }
    try {
      return new DirectoryLock(root, absolute, locked(root, patience));
    } catch (RuntimeException e) {
      HELD_HERE.remove(absolute);
      throw e;
    }
  }

  private static boolean beginToHold(Path absolute) {
    LOOKING.lock();
    try {
      return HELD_HERE.putIfAbsent(absolute, NOBODY) == null;
    } finally {
      LOOKING.unlock();
    }
  }

  private static FileChannel locked(Path root, Patience patience) {
    Path file = root.resolve("lock");
    try {
      FileChannel channel = FileChannel.open(file, OPTIONS);
      try {
        if (patience.until(() -> tryToHold(channel)).orElse(false)) {
          forgetAddress(root);
          return channel;
        }
      } catch (IOException | RuntimeException e) {
        closeQuietly(channel, e);
        throw e;
      }
      channel.close();
    } catch (IOException e) {
      throw new DataDirectoryException(file + " cannot be locked: " + DataDirectory.why(e), e);
    }
    throw new DataDirectoryException(
        root
            + " is held by another process: stop the server that runs on it, or use another folder");
  }

  /// @return false where a server runs: it will not go away by itself. Empty where it is held
  private static Optional<Boolean> tryToHold(FileChannel channel) throws IOException {
    if (channel.tryLock(HELD, 1, false) != null) {
      return Optional.of(true);
    }
    return isLocked(channel, SERVED) ? Optional.of(false) : Optional.empty();
  }

  private static void forgetAddress(Path root) throws IOException {
    if (Files.deleteIfExists(root.resolve("address"))) {
      DirectorySync.force(root);
    }
  }

  private static void closeQuietly(FileChannel channel, Exception cause) {
    try {
      channel.close();
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  /// Tells those who look where the holder listens. Once only.
  void publish(String address) throws IOException {
    WholeFile.write(root.resolve("address"), (address + "\n").getBytes(StandardCharsets.UTF_8));
    var _ = channel.lock(SERVED, 1, false); // waits for those who look just now
    HELD_HERE.replace(absolute, address);
  }

  /// Looks who has a folder.
  ///
  /// @return the address where the holder listens, or [#NOBODY]; empty where somebody holds it who
  ///   takes no calls, or none yet
  static Optional<String> look(Path root) {
    LOOKING.lock();
    try {
      String here = HELD_HERE.get(root.toAbsolutePath().normalize());
      return here == null ? lookAtFiles(root) : Optional.of(here);
    } catch (AccessDeniedException e) {
      throw new DataDirectoryException(root + " cannot be read: " + DataDirectory.why(e), e);
    } catch (IOException e) {
      throw new DataDirectoryException(root + " cannot be read: " + e, e);
    } finally {
      LOOKING.unlock();
    }
  }

  private static Optional<String> lookAtFiles(Path root) throws IOException {
    Path file = root.resolve("lock");
    if (!Files.exists(file)) {
      return Optional.of(NOBODY);
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (isLocked(channel, SERVED)) {
        return Optional.of(Files.readString(root.resolve("address")).strip());
      }
      return isLocked(channel, HELD) ? Optional.empty() : Optional.of(NOBODY);
    } catch (NoSuchFileException e) {
      return Optional.empty(); // it stops just now
    }
  }

  private static boolean isLocked(FileChannel channel, long position) throws IOException {
    try (FileLock free = channel.tryLock(position, 1, true)) {
      return free == null;
    }
  }

  /// Gives the folder free.
  @Override
  public void close() throws IOException {
    try (channel) {
      Files.deleteIfExists(root.resolve("address"));
    } finally {
      HELD_HERE.remove(absolute);
    }
  }
}
