package skarb.node;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import skarb.node.disk.DirectorySync;
import skarb.node.disk.WholeFile;

/// A store's folder, held by one process at a time.
///
/// ```
/// DATA/
///   lock             held by the process that has the store open: DirectoryLock
///   store            who this store is: StoreIdentity
///   node.key         wraps the realm's keys (0600)
///   realm-keys       the keys that seal secrets (0600)
///   operator-token   lets an operator on this machine in (0600)
///   peers            the peers that this node dials, where there are any
///   address          the gRPC address of the server that is running, while it is: DirectoryLock
///   first-key        the first access key and its secret, where no terminal saw it (0600)
///   certs/           certificates by which sites know one another, and their keys (0600)
///   peers            whom this node dials
///   invitations      those that hold (0600)
///   join             of a site that joins: what was agreed and is not in force everywhere yet (0600)
///   journal/         the truth
///   segments/        chunks
///   index/           derived: may be deleted while the store is stopped
/// ```
public final class DataDirectory implements AutoCloseable {
  /// Bodies and names lie in the folder as they are: other users of the machine must not read them.
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ALONE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private static final Set<PosixFilePermission> OPEN_TO_OTHERS =
      EnumSet.of(PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_EXECUTE);

  private final Path root;
  private final DirectoryLock lock;
  private final StoreIdentity identity;

  private DataDirectory(Path root, DirectoryLock lock, StoreIdentity identity) {
    this.root = root;
    this.lock = lock;
    this.identity = identity;
  }

  /// Takes the folder, and makes the store where there is none.
  ///
  /// @param siteName the site's name for a store that is made now; empty: made up. For a store that
  ///   exists it must be empty or the store's own
  /// @param patience with others who hold the folder, unless a server runs on it
  /// @throws DataDirectoryException if it cannot be had
  public static DataDirectory open(
      Path root, String siteName, RandomGenerator random, Patience patience) {
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
    DirectoryLock lock = DirectoryLock.take(root, patience);
    try {
      return new DataDirectory(root, lock, readOrMakeIdentity(root, siteName, random));
    } catch (IOException | RuntimeException e) {
      closeQuietly(lock, e);
      if (e instanceof RuntimeException unchecked) {
        throw unchecked;
      }
      throw new DataDirectoryException(root + " cannot be used: " + e, e);
    }
  }

  /// What stood in the way, without the names of classes.
  static String why(IOException failure) {
    return switch (failure) {
      case AccessDeniedException denied -> "not allowed to write in " + denied.getFile();
      case NoSuchFileException missing -> "there is no " + missing.getFile();
      case FileAlreadyExistsException file -> file.getFile() + " is a file";
      default -> String.valueOf(failure.getMessage());
    };
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

  /// Tells operators' commands where the server listens. Once only.
  public void publishAddress(String hostAndPort) throws IOException {
    lock.publish(hostAndPort);
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

  /// The address that a server published for a folder, while it runs.
  ///
  /// @param patience with whoever holds the folder and takes no calls, or none yet
  /// @return null where nobody holds the folder, or this process does and serves nobody
  /// @throws DataDirectoryException where whoever holds it still takes no calls
  public static @Nullable String runningServer(Path root, Patience patience) {
    try {
      String address =
          patience
              .until(() -> DirectoryLock.look(root))
              .orElseThrow(() ->
                  new DataDirectoryException(
                      root
                          + " is held by a server that is starting or stopping, or by another command: try again when"
                          + " that is done"));
      return address.equals(DirectoryLock.NOBODY) ? null : address;
    } catch (IOException e) {
      throw new DataDirectoryException(root + " cannot be read: " + e, e);
    }
  }

  /// Gives the folder free.
  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new DataDirectoryException(root + " cannot be released: " + e, e);
    }
  }

  private static void closeQuietly(DirectoryLock lock, Exception cause) {
    try {
      lock.close();
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }
}
