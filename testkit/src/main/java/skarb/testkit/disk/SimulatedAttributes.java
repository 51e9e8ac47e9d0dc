package skarb.testkit.disk;

import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;
import java.util.TreeMap;

/// What is known of a file at one moment.
record SimulatedAttributes(
    long number,
    boolean isDirectory,
    long size,
    FileTime creationTime,
    FileTime lastModifiedTime,
    Set<PosixFilePermission> permissions)
    implements PosixFileAttributes {

  private static final Owner OWNER = new Owner("skarb");

  /// The one user and group that there is.
  private record Owner(String getName) implements GroupPrincipal {}

  static SimulatedAttributes of(Node node) {
    return new SimulatedAttributes(
        node.number,
        node instanceof DirectoryNode,
        node.size(),
        FileTime.from(node.created),
        FileTime.from(node.modified),
        node.permissions());
  }

  static UserPrincipal theOwner() {
    return OWNER;
  }

  @Override
  public FileTime lastAccessTime() {
    return lastModifiedTime;
  }

  @Override
  public boolean isRegularFile() {
    return !isDirectory;
  }

  @Override
  public boolean isSymbolicLink() {
    return false;
  }

  @Override
  public boolean isOther() {
    return false;
  }

  @Override
  public Object fileKey() {
    return number;
  }

  @Override
  public UserPrincipal owner() {
    return OWNER;
  }

  @Override
  public GroupPrincipal group() {
    return OWNER;
  }

  /// All of them by name, as `Files.readAttributes(path, "posix:*")` wants them.
  TreeMap<String, Object> byName() {
    TreeMap<String, Object> all = new TreeMap<>();
    all.put("size", size);
    all.put("isDirectory", isDirectory);
    all.put("isRegularFile", !isDirectory);
    all.put("isSymbolicLink", false);
    all.put("isOther", false);
    all.put("fileKey", number);
    all.put("creationTime", creationTime);
    all.put("lastModifiedTime", lastModifiedTime);
    all.put("lastAccessTime", lastModifiedTime);
    all.put("permissions", permissions);
    all.put("owner", OWNER);
    all.put("group", OWNER);
    return all;
  }
}
