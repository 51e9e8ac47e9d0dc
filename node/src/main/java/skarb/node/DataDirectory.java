package skarb.node;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import skarb.node.disk.DirectorySync;
import skarb.node.disk.WholeFile;

/// A store's folder, held by one process at a time.
///
/// ```
/// DATA/
///   lock             held by the process that has the store open
///   store            who this store is: StoreIdentity
///   node.key         wraps the realm's keys (0600)
///   realm-keys       the keys that seal secrets (0600)
///   operator-token   lets an operator on this machine in (0600)
///   peers            the peers that this node dials, where there are any
///   address          the gRPC address of the server that is running, while it is
///   first-key        the first access key and its secret, where no terminal saw it (0600)
///   certs/           certificates by which sites know one another, and their keys (0600)
///   peers            whom this node dials
///   invitations      those that hold (0600)
///   join             of a site that joins: what was agreed and is not in force everywhere yet (0600)
///   journal/         the truth
///   segments/        chunks
///   index/           derived: may be deleted while the store is stopped
/// ```
///
/// The lock is the operating system's, so it ends with the process, however that ends.
public final class DataDirectory implements AutoCloseable {
  private static final Set<StandardOpenOption> LOCK_OPTIONS =
      Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE);

  /// Bodies and names lie in the folder as they are: other users of the machine must not read them.
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ALONE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private static final Set<PosixFilePermission> OPEN_TO_OTHERS =
      EnumSet.of(PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_EXECUTE);

  /// The folders of the machine's own file system that this process holds. The operating system's
  /// locks belong to the process: closing any other channel on the same file gives them up, so a
  /// second look must not even open it.
  private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

  private final Path root;
  private final Path held;
  private final FileChannel lockChannel;
  private final StoreIdentity identity;

  private DataDirectory(Path root, Path held, FileChannel lockChannel, StoreIdentity identity) {
    this.root = root;
    this.held = held;
    this.lockChannel = lockChannel;
    this.identity = identity;
  }

  /// Takes the folder, and makes the store where there is none.
  ///
  /// @param siteName the site's name for a store that is made now; empty: made up. For a store that
  ///   exists it must be empty or the store's own
  /// @throws DataDirectoryException if it cannot be had
  public static DataDirectory open(Path root, String siteName, RandomGenerator random) {
    try {
      if (!Files.exists(root.resolve("store"))) {
        makeDurably(root.toAbsolutePath().normalize());
      }
    } catch (IOException e) {
      throw new DataDirectoryException(root + " cannot be made: " + why(e), e);
    }
    if (!Files.isDirectory(root)) {
      throw new DataDirectoryException(root + " is a file, not a folder");
    }
    if (!Files.isWritable(root)) {
      throw new DataDirectoryException(root + " is not writable for this user");
    }
    Path held = root.toAbsolutePath().normalize();
    if (isOfMachine(held) && !HELD_HERE.add(held)) {
      throw new DataDirectoryException(root + " is held by this process already");
    }
    try {
      return openHeld(root, held, siteName, random);
    } catch (RuntimeException e) {
      HELD_HERE.remove(held);
      throw e;
    }
  }

  private static DataDirectory openHeld(
      Path root, Path held, String siteName, RandomGenerator random) {
    FileChannel lock = lock(root);
    try {
      return new DataDirectory(root, held, lock, readOrMakeIdentity(root, siteName, random));
    } catch (IOException | RuntimeException e) {
      closeQuietly(lock, e);
      if (e instanceof RuntimeException unchecked) {
        throw unchecked;
      }
      throw new DataDirectoryException(root + " cannot be used: " + e, e);
    }
  }

  /// What stood in the way, without the names of classes.
  private static String why(IOException failure) {
    return switch (failure) {
      case AccessDeniedException denied -> "not allowed to write in " + denied.getFile();
      case NoSuchFileException missing -> "there is no " + missing.getFile();
      case FileAlreadyExistsException file -> file.getFile() + " is a file";
      default -> String.valueOf(failure.getMessage());
    };
  }

  private static boolean isOfMachine(Path path) {
    return path.getFileSystem().equals(FileSystems.getDefault());
  }

  /// Makes the folder and those above it, each with a name that survives a crash: a store that was
  /// written to must not be gone with the name of its folder.
  private static void makeDurably(Path folder) throws IOException {
    Path parent = folder.getParent();
    if (parent == null) {
      return;
    }
    if (!Files.exists(folder)) {
      makeDurably(parent);
      Files.createDirectory(folder, OWNER_ALONE);
    }
    DirectorySync.force(parent);
  }

  private static FileChannel lock(Path root) {
    Path file = root.resolve("lock");
    try {
      FileChannel channel = FileChannel.open(file, LOCK_OPTIONS);
      if (channel.tryLock() != null) {
        return channel;
      }
      channel.close();
    } catch (IOException e) {
      throw new DataDirectoryException(file + " cannot be locked: " + why(e), e);
    }
    throw new DataDirectoryException(
        root
            + " is held by another process: stop the server that runs on it, or use another folder");
  }

  private static StoreIdentity readOrMakeIdentity(
      Path root, String siteName, RandomGenerator random) throws IOException {
    Path file = root.resolve("store");
    if (Files.exists(file)) {
      StoreIdentity identity = StoreIdentity.decode(Files.readAllBytes(file), file.toString());
      if (!siteName.isEmpty() && !siteName.equals(identity.siteName())) {
        throw new DataDirectoryException(
            root + " is the store of site " + identity.siteName() + ", not of " + siteName);
      }
      return identity;
    }
    if (Files.exists(root.resolve("journal"))) {
      throw new DataDirectoryException(
          root + " has a journal but no file 'store': restore that file from a backup");
    }
    StoreIdentity identity = StoreIdentity.create(siteName, random);
    WholeFile.write(file, identity.encode());
    return identity;
  }

  /// Tells operators' commands where the server listens.
  public void publishAddress(String hostAndPort) throws IOException {
    WholeFile.write(root.resolve("address"), (hostAndPort + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /// The folder.
  public Path root() {
    return root;
  }

  /// 16 bytes that every file of the store carries.
  public byte[] storeId() {
    return identity.storeIdBytes();
  }

  StoreIdentity identity() {
    return identity;
  }

  /// Whether other users of the machine can look into the folder, which a folder that was there
  /// before may let them.
  boolean isOpenToOthers() throws IOException {
    return Files.getPosixFilePermissions(root).stream().anyMatch(OPEN_TO_OTHERS::contains);
  }

  /// The address that a server published for a folder, and the lock tells whether one is running.
  ///
  /// @return null where no server holds the folder
  public static @Nullable String runningServer(Path root) {
    Path address = root.resolve("address");
    if (!HELD_HERE.contains(root.toAbsolutePath().normalize()) && isFree(root)) {
      return null;
    }
    try {
      return Files.exists(address) ? Files.readString(address).strip() : null;
    } catch (IOException e) {
      throw new DataDirectoryException(address + " cannot be read: " + e, e);
    }
  }

  private static boolean isFree(Path root) {
    Path file = root.resolve("lock");
    if (!Files.exists(file)) {
      return true;
    }
    try (FileChannel channel = FileChannel.open(file, LOCK_OPTIONS);
        FileLock lock = channel.tryLock()) {
      return lock != null;
    } catch (IOException e) {
      throw new DataDirectoryException(root + " cannot be read: " + e, e);
    }
  }

  /// Gives the folder free.
  @Override
  public void close() {
    try {
      Files.deleteIfExists(root.resolve("address"));
      lockChannel.close();
    } catch (IOException e) {
      throw new DataDirectoryException(root + " cannot be released: " + e, e);
    } finally {
      HELD_HERE.remove(held);
    }
  }

  private static void closeQuietly(FileChannel channel, Exception cause) {
    try {
      channel.close();
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }
}
