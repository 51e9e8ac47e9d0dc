package skarb.testkit.disk;

import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;

/// What a name leads to: a file or a directory. Guarded by the disk's lock.
abstract sealed class Node permits FileNode, DirectoryNode {
  final long number;
  final Instant created;
  Instant modified;

  /// How many names lead here: 0 or 1, as there are no hard links.
  int links;

  private Set<PosixFilePermission> permissions;

  Node(long number, Set<PosixFilePermission> permissions, Instant now) {
    this.number = number;
    this.permissions = copy(permissions);
    this.created = now;
    this.modified = now;
  }

  abstract long size();

  Set<PosixFilePermission> permissions() {
    return copy(permissions);
  }

  void setPermissions(Set<PosixFilePermission> newPermissions) {
    permissions = copy(newPermissions);
  }

  private static Set<PosixFilePermission> copy(Set<PosixFilePermission> permissions) {
    Set<PosixFilePermission> copy = EnumSet.noneOf(PosixFilePermission.class);
    copy.addAll(permissions);
    return copy;
  }
}
