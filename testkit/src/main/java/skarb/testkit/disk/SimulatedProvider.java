package skarb.testkit.disk;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.spi.FileSystemProvider;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What `java.nio.file.Files` calls. One for each file system, so that a move between two of them
/// is a copy.
final class SimulatedProvider extends FileSystemProvider {
  private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-r--r--");
  private static final Set<PosixFilePermission> DIRECTORY =
      PosixFilePermissions.fromString("rwxr-xr-x");

  private final Disk disk;

  SimulatedProvider(Disk disk) {
    this.disk = disk;
  }

  @Override
  public String getScheme() {
    return "simulated";
  }

  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> env) {
    throw new UnsupportedOperationException("make a SimulatedFileSystem by its constructor");
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    throw new UnsupportedOperationException("keep the SimulatedFileSystem that was made");
  }

  @Override
  public Path getPath(URI uri) {
    throw new UnsupportedOperationException("ask the SimulatedFileSystem for its paths");
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return newFileChannel(path, options, attributes);
  }

  @Override
  public FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    SimulatedPath simulated = SimulatedPath.of(path);
    OpenMode mode = OpenMode.of(options);
    var handle = disk.open(simulated, mode, permissions(FILE, attributes));
    if (handle.isEmpty()) {
      return new SimulatedDirectoryChannel(disk, disk.openDirectory(simulated));
    }
    FileChannel channel = new SimulatedFileChannel(disk, handle.get(), mode);
    if (mode.truncate()) {
      try {
        channel.truncate(0);
      } catch (Throwable e) {
        channel.close();
        throw e;
      }
    }
    return channel;
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path directory, DirectoryStream.Filter<? super Path> filter) throws IOException {
    List<String> names = disk.list(SimulatedPath.of(directory));
    return new SimulatedDirectoryStream(disk, directory, names, filter);
  }

  @Override
  public void createDirectory(Path directory, FileAttribute<?>... attributes) throws IOException {
    disk.createDirectory(SimulatedPath.of(directory), permissions(DIRECTORY, attributes));
  }

  @Override
  public void delete(Path path) throws IOException {
    disk.delete(SimulatedPath.of(path));
  }

  @Override
  public void copy(Path source, Path target, CopyOption... options) throws IOException {
    List<CopyOption> wanted = List.of(options);
    if (Files.isDirectory(source)) {
      createDirectory(target);
      return;
    }
    if (wanted.contains(StandardCopyOption.REPLACE_EXISTING)) {
      Files.deleteIfExists(target);
    }
    try (FileChannel from = newFileChannel(source, Set.of(StandardOpenOption.READ));
        FileChannel to =
            newFileChannel(
                target, EnumSet.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW))) {
      to.transferFrom(from, 0, from.size());
    }
  }

  /// Without `ATOMIC_MOVE`, what has the target's name is deleted first, in an operation of its
  /// own: as the JDK does it, and a crash between the two finds neither.
  @Override
  public void move(Path source, Path target, CopyOption... options) throws IOException {
    List<CopyOption> wanted = List.of(options);
    boolean atomic = wanted.contains(StandardCopyOption.ATOMIC_MOVE);
    SimulatedPath from = SimulatedPath.of(source);
    SimulatedPath to = SimulatedPath.of(target);
    if (!atomic && Files.exists(to) && Files.exists(from) && !isSameFile(from, to)) {
      if (!wanted.contains(StandardCopyOption.REPLACE_EXISTING)) {
        throw new FileAlreadyExistsException(target.toString());
      }
      disk.delete(to);
    }
    disk.rename(from, to, true);
  }

  @Override
  public boolean isSameFile(Path path, Path other) throws IOException {
    long one = disk.inspect(SimulatedPath.of(path), node -> node.number);
    return one == disk.inspect(SimulatedPath.of(other), node -> node.number);
  }

  @Override
  public boolean isHidden(Path path) {
    Path name = path.getFileName();
    return name != null && name.toString().startsWith(".");
  }

  @Override
  public FileStore getFileStore(Path path) throws IOException {
    checkAccess(path);
    return new SimulatedFileStore(disk);
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    disk.inspect(SimulatedPath.of(path), node -> node.number);
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    if (type != BasicFileAttributes.class && type != PosixFileAttributes.class) {
      throw new UnsupportedOperationException(type.getName());
    }
    return disk.attributes(SimulatedPath.of(path))
        .map(type::cast)
        .orElseThrow(() -> new NoSuchFileException(path.toString()));
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String names, LinkOption... options)
      throws IOException {
    TreeMap<String, Object> all =
        disk.inspect(SimulatedPath.of(path), SimulatedAttributes::of).byName();
    List<String> wanted = List.of(names.substring(names.indexOf(':') + 1).split(","));
    if (!wanted.contains("*")) {
      if (!all.keySet().containsAll(wanted)) {
        throw new IllegalArgumentException("unknown attribute in: " + names);
      }
      all.keySet().retainAll(wanted);
    }
    return all;
  }

  @Override
  public void setAttribute(Path path, String name, Object value, LinkOption... options)
      throws IOException {
    switch (name) {
      case "posix:permissions" -> setPermissions(path, permissionsIn(value));
      case "lastModifiedTime", "basic:lastModifiedTime" ->
          view(path).setTimes((FileTime) value, null, null);
      default -> throw new UnsupportedOperationException(name);
    }
  }

  @Override
  public <V extends FileAttributeView> @Nullable V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    boolean known =
        type == BasicFileAttributeView.class
            || type == PosixFileAttributeView.class
            || type == FileOwnerAttributeView.class;
    return known ? type.cast(view(path)) : null;
  }

  private SimulatedAttributeView view(Path path) {
    return new SimulatedAttributeView(disk, SimulatedPath.of(path));
  }

  private void setPermissions(Path path, Set<PosixFilePermission> permissions) throws IOException {
    view(path).setPermissions(permissions);
  }

  private static Set<PosixFilePermission> permissions(
      Set<PosixFilePermission> otherwise, FileAttribute<?>... attributes) {
    Set<PosixFilePermission> result = otherwise;
    for (FileAttribute<?> attribute : attributes) {
      if (!attribute.name().equals("posix:permissions")) {
        throw new UnsupportedOperationException(attribute.name());
      }
      result = permissionsIn(attribute.value());
    }
    return result;
  }

  private static Set<PosixFilePermission> permissionsIn(Object value) {
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    for (Object permission : (Set<?>) value) {
      permissions.add((PosixFilePermission) permission);
    }
    return permissions;
  }
}
