package skarb.testkit.disk;

import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.Set;
import java.util.TreeMap;

/// A directory: its entries as processes see them and as the medium holds them. The changes between
/// the two are kept in [Namespace], since a rename can touch two directories.
final class DirectoryNode extends Node {
  final TreeMap<String, Node> current = new TreeMap<>();
  final TreeMap<String, Node> durable = new TreeMap<>();

  DirectoryNode(long number, Set<PosixFilePermission> permissions, Instant now) {
    super(number, permissions, now);
  }

  @Override
  long size() {
    return 4096;
  }
}
