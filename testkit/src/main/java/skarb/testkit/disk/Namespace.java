package skarb.testkit.disk;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The tree of names, and the changes to it that no force of a directory has made durable. Guarded
/// by the disk's lock.
///
/// A change is all edits of one call, so a rename happens whole or not at all. Changes that touch
/// the same name or the same file keep their order: a later one outlives a crash only if the
/// earlier ones do. Any others survive independently, as POSIX allows, though a journaling file
/// system would be kinder.
final class Namespace {
  private static final int MAX_NAME_BYTES = 255;

  private final DirectoryNode root;
  private final List<Change> pending = new ArrayList<>();
  private long lastNumber;
  private long lastSequence;

  Namespace(Instant now) {
    root = new DirectoryNode(0, PosixFilePermissions.fromString("rwxr-xr-x"), now);
    root.links = 1;
  }

  /// One name given to a node, or taken from all.
  private record Edit(
      DirectoryNode directory, String name, @Nullable Node before, @Nullable Node after) {
    boolean touches(Edit other) {
      return (directory == other.directory && name.equals(other.name))
          || same(before, other.before)
          || same(before, other.after)
          || same(after, other.before)
          || same(after, other.after);
    }

    private static boolean same(@Nullable Node one, @Nullable Node other) {
      return one != null && one == other;
    }
  }

  private record Change(long sequence, List<Edit> edits) {
    boolean dependsOn(Change earlier) {
      return edits.stream().anyMatch(mine -> earlier.edits.stream().anyMatch(mine::touches));
    }

    boolean isIn(DirectoryNode directory) {
      return edits.stream().anyMatch(edit -> edit.directory == directory);
    }

    void makeDurable() {
      for (Edit edit : edits) {
        put(edit.directory.durable, edit.name, edit.after);
      }
    }
  }

  Optional<Node> find(SimulatedPath path) throws IOException {
    Node node = root;
    for (String name : path.resolvedNames()) {
      if (!(node instanceof DirectoryNode directory)) {
        throw new FileSystemException(path.toString(), null, "Not a directory");
      }
      node = directory.current.get(name);
      if (node == null) {
        return Optional.empty();
      }
    }
    return Optional.of(node);
  }

  Node require(SimulatedPath path) throws IOException {
    return find(path).orElseThrow(() -> new NoSuchFileException(path.toString()));
  }

  DirectoryNode requireDirectory(SimulatedPath path) throws IOException {
    if (require(path) instanceof DirectoryNode directory) {
      return directory;
    }
    throw new NotDirectoryException(path.toString());
  }

  /// Throws unless `path` could be created now.
  void checkCreate(SimulatedPath path) throws IOException {
    if (find(path).isPresent()) {
      throw new FileAlreadyExistsException(path.toString());
    }
    parentOf(path);
    checkName(path);
  }

  FileNode createFile(SimulatedPath path, Set<PosixFilePermission> permissions, Instant now)
      throws IOException {
    FileNode file = new FileNode(++lastNumber, permissions, now);
    enter(path, file, now);
    return file;
  }

  void createDirectory(SimulatedPath path, Set<PosixFilePermission> permissions, Instant now)
      throws IOException {
    enter(path, new DirectoryNode(++lastNumber, permissions, now), now);
  }

  private void enter(SimulatedPath path, Node node, Instant now) throws IOException {
    DirectoryNode parent = parentOf(path);
    apply(List.of(new Edit(parent, path.lastName(), null, node)), now);
  }

  void checkDelete(SimulatedPath path) throws IOException {
    if (require(path) instanceof DirectoryNode directory) {
      checkEmpty(path, directory);
    }
    if (path.resolvedNames().isEmpty()) {
      throw new FileSystemException(path.toString(), null, "Device or resource busy");
    }
  }

  Node delete(SimulatedPath path, Instant now) throws IOException {
    Node node = require(path);
    apply(List.of(new Edit(parentOf(path), path.lastName(), node, null)), now);
    return node;
  }

  /// Throws unless `source` could be renamed to `target` now.
  void checkRename(SimulatedPath source, SimulatedPath target, boolean replace) throws IOException {
    Node moved = require(source);
    parentOf(target);
    checkName(target);
    Optional<Node> replaced = find(target);
    if (moved instanceof DirectoryNode && target.normalize().startsWith(source.normalize())) {
      throw new FileSystemException(source.toString(), target.toString(), "Invalid argument");
    }
    if (replaced.isEmpty() || replaced.get() == moved) {
      return;
    }
    if (!replace) {
      throw new FileAlreadyExistsException(target.toString());
    }
    if (replaced.get() instanceof DirectoryNode directory) {
      checkEmpty(target, directory);
    }
  }

  /// Renames, and returns what had the name before.
  Optional<Node> rename(SimulatedPath source, SimulatedPath target, Instant now)
      throws IOException {
    Node moved = require(source);
    Optional<Node> replaced = find(target);
    if (replaced.isPresent() && replaced.get() == moved) {
      return Optional.empty();
    }
    Edit removal = new Edit(parentOf(source), source.lastName(), moved, null);
    Edit entry = new Edit(parentOf(target), target.lastName(), replaced.orElse(null), moved);
    apply(List.of(removal, entry), now);
    return replaced;
  }

  private void apply(List<Edit> edits, Instant now) {
    for (Edit edit : edits) {
      if (edit.before != null) {
        edit.before.links--;
      }
      if (edit.after != null) {
        edit.after.links++;
      }
      put(edit.directory.current, edit.name, edit.after);
      edit.directory.modified = now;
    }
    pending.add(new Change(++lastSequence, edits));
  }

  /// The last change so far: what a force that starts now covers.
  long lastSequence() {
    return lastSequence;
  }

  /// The entries of `directory`, up to change `sequence`, reached the medium, with what they depend
  /// on.
  void force(DirectoryNode directory, long sequence) {
    List<Change> covered = new ArrayList<>();
    for (int i = pending.size() - 1; i >= 0; i--) {
      Change change = pending.get(i);
      boolean asked = change.sequence <= sequence && change.isIn(directory);
      if (asked || covered.stream().anyMatch(later -> later.dependsOn(change))) {
        covered.addFirst(change);
      }
    }
    covered.forEach(Change::makeDurable);
    pending.removeAll(new HashSet<>(covered));
  }

  /// Whether each name on the way to `path` is on the medium and leads to what it leads to now.
  boolean isDurable(SimulatedPath path) throws IOException {
    DirectoryNode directory = root;
    for (String name : path.resolvedNames()) {
      Node node = directory.current.get(name);
      if (node == null) {
        throw new NoSuchFileException(path.toString());
      }
      if (directory.durable.get(name) != node) {
        return false;
      }
      if (node instanceof DirectoryNode next) {
        directory = next;
      }
    }
    return true;
  }

  /// The machine stopped: names and contents are now what the medium holds.
  void crash(Survival survival) {
    List<Change> lost = new ArrayList<>();
    for (Change change : pending) {
      if (lost.stream().noneMatch(change::dependsOn) && survival.one()) {
        change.makeDurable();
      } else {
        lost.add(change);
      }
    }
    pending.clear();
    reset(root, survival);
  }

  private static void reset(DirectoryNode directory, Survival survival) {
    directory.current.clear();
    directory.current.putAll(directory.durable);
    for (Node node : directory.current.values()) {
      node.links = 1;
      switch (node) {
        case FileNode file -> file.crash(survival.ofOneFile());
        case DirectoryNode child -> reset(child, survival);
      }
    }
  }

  /// Every file that has a name, in the order of the names.
  List<FileNode> files() {
    List<FileNode> files = new ArrayList<>();
    collect(root, files);
    return files;
  }

  private static void collect(DirectoryNode directory, List<FileNode> files) {
    for (Node node : directory.current.values()) {
      switch (node) {
        case FileNode file -> files.add(file);
        case DirectoryNode child -> collect(child, files);
      }
    }
  }

  private DirectoryNode parentOf(SimulatedPath path) throws IOException {
    return switch (require(path.parentForLookup())) {
      case DirectoryNode directory -> directory;
      case FileNode file -> throw new FileSystemException(path.toString(), null, "Not a directory");
    };
  }

  private static void checkName(SimulatedPath path) throws IOException {
    if (path.lastName().getBytes(UTF_8).length > MAX_NAME_BYTES) {
      throw new FileSystemException(path.toString(), null, "File name too long");
    }
  }

  private static void checkEmpty(SimulatedPath path, DirectoryNode directory) throws IOException {
    if (!directory.current.isEmpty()) {
      throw new DirectoryNotEmptyException(path.toString());
    }
  }

  private static void put(Map<String, Node> entries, String name, @Nullable Node node) {
    if (node == null) {
      entries.remove(name);
    } else {
      entries.put(name, node);
    }
  }
}
