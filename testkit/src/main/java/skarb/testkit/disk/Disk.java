package skarb.testkit.disk;

import java.io.IOException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.PosixFilePermission;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Performs the operations: each is announced (to the test's hook, with no lock held), then judged
/// by the armed faults, counted and carried out under the one lock.
final class Disk {
  private final InstantSource clock;
  private final Machine machine = new Machine();

  // Guarded by the machine's lock.
  private final Namespace namespace;
  private final Space space = new Space();
  private final SplittableRandom failures = new SplittableRandom(1);
  private @Nullable SplittableRandom shortTransfers;

  Disk(InstantSource clock) {
    this.clock = clock;
    this.namespace = new Namespace(clock.instant());
  }

  /// What an open channel works on. It dies with the life of the machine in which it was opened.
  record Handle(long id, long life, SimulatedPath path, FileNode file) {}

  /// What is done to a node while the lock is held.
  interface Access<T extends @Nullable Object> {
    T to(Node node) throws IOException;
  }

  Machine machine() {
    return machine;
  }

  // Operations on names.

  /// Reads or changes what is known of a node, without counting as an operation.
  <T extends @Nullable Object> T inspect(SimulatedPath path, Access<T> access) throws IOException {
    machine.lock();
    try {
      machine.requirePower();
      return access.to(namespace.require(path));
    } finally {
      machine.unlock();
    }
  }

  Optional<SimulatedAttributes> attributes(SimulatedPath path) throws IOException {
    machine.lock();
    try {
      machine.requirePower();
      return namespace.find(path).map(SimulatedAttributes::of);
    } finally {
      machine.unlock();
    }
  }

  /// The names in a directory, in an order that is always the same and never sorted: real ones
  /// promise none.
  List<String> list(SimulatedPath path) throws IOException {
    machine.lock();
    try {
      machine.requirePower();
      return namespace.requireDirectory(path).current.keySet().stream()
          .sorted(Comparator.comparingInt((String name) -> name.hashCode() * 0x9E3779B1))
          .toList();
    } finally {
      machine.unlock();
    }
  }

  void createDirectory(SimulatedPath path, Set<PosixFilePermission> permissions)
      throws IOException {
    DiskOperation operation = DiskOperation.of(DiskOperation.Kind.CREATE_DIRECTORY, path);
    machine.announce(operation);
    machine.lock();
    try {
      machine.requirePower();
      namespace.checkCreate(path);
      Faults.Verdict verdict = machine.judge(operation);
      if (verdict != Faults.Verdict.FAIL) {
        namespace.createDirectory(path, permissions, clock.instant());
      }
      machine.conclude(operation, verdict);
    } finally {
      machine.unlock();
    }
  }

  void delete(SimulatedPath path) throws IOException {
    DiskOperation operation = DiskOperation.of(DiskOperation.Kind.DELETE, path);
    machine.announce(operation);
    machine.lock();
    try {
      machine.requirePower();
      namespace.checkDelete(path);
      Faults.Verdict verdict = machine.judge(operation);
      if (verdict != Faults.Verdict.FAIL) {
        release(namespace.delete(path, clock.instant()));
      }
      machine.conclude(operation, verdict);
    } finally {
      machine.unlock();
    }
  }

  void rename(SimulatedPath source, SimulatedPath target, boolean replace) throws IOException {
    DiskOperation operation = DiskOperation.rename(source, target);
    machine.announce(operation);
    machine.lock();
    try {
      machine.requirePower();
      namespace.checkRename(source, target, replace);
      Faults.Verdict verdict = machine.judge(operation);
      if (verdict != Faults.Verdict.FAIL) {
        namespace.rename(source, target, clock.instant()).ifPresent(this::release);
      }
      machine.conclude(operation, verdict);
    } finally {
      machine.unlock();
    }
  }

  /// A directory that is open, which dies with the life of the machine as files do.
  record DirectoryHandle(long id, long life, SimulatedPath path, DirectoryNode directory) {}

  DirectoryHandle openDirectory(SimulatedPath path) throws IOException {
    machine.lock();
    try {
      machine.requirePower();
      DirectoryNode directory = namespace.requireDirectory(path);
      return new DirectoryHandle(machine.openFiles().add(path), machine.life(), path, directory);
    } finally {
      machine.unlock();
    }
  }

  void forceDirectory(DirectoryHandle handle) throws IOException {
    DiskOperation operation = DiskOperation.of(DiskOperation.Kind.FORCE_DIRECTORY, handle.path);
    long covered = machine.locked(namespace::lastSequence);
    machine.announce(operation);
    machine.lock();
    try {
      machine.requireLife(handle.life);
      Faults.Verdict verdict = machine.judge(operation);
      if (verdict == Faults.Verdict.PROCEED) {
        namespace.force(handle.directory, covered);
      }
      machine.conclude(operation, verdict);
    } finally {
      machine.unlock();
    }
  }

  // Operations on open files.

  /// Opens a file, made first where `mode` says so; nothing if `path` is a directory.
  Optional<Handle> open(SimulatedPath path, OpenMode mode, Set<PosixFilePermission> permissions)
      throws IOException {
    DiskOperation creation = DiskOperation.of(DiskOperation.Kind.CREATE, path);
    if (mode.creates() && attributes(path).isEmpty()) {
      machine.announce(creation);
    }
    machine.lock();
    try {
      machine.requirePower();
      Optional<Node> found = namespace.find(path);
      if (found.isPresent() && mode.createNew()) {
        throw new FileAlreadyExistsException(path.toString());
      }
      Node node = found.isPresent() ? found.get() : create(creation, path, mode, permissions);
      if (node instanceof FileNode file) {
        file.opens++;
        return Optional.of(new Handle(machine.openFiles().add(path), machine.life(), path, file));
      }
      if (mode.write()) {
        throw new FileSystemException(path.toString(), null, "Is a directory");
      }
      return Optional.empty();
    } finally {
      machine.unlock();
    }
  }

  private FileNode create(
      DiskOperation operation,
      SimulatedPath path,
      OpenMode mode,
      Set<PosixFilePermission> permissions)
      throws IOException {
    if (!mode.creates()) {
      throw new NoSuchFileException(path.toString());
    }
    namespace.checkCreate(path);
    Faults.Verdict verdict = machine.judge(operation);
    if (verdict == Faults.Verdict.FAIL) {
      throw Machine.failure(operation);
    }
    FileNode file = namespace.createFile(path, permissions, clock.instant());
    machine.conclude(operation, verdict);
    return file;
  }

  void close(Handle handle) {
    machine.lock();
    try {
      if (handle.life == machine.life()) {
        machine.openFiles().remove(handle.id);
        handle.file.opens--;
        release(handle.file);
      }
    } finally {
      machine.unlock();
    }
  }

  long size(Handle handle) throws IOException {
    machine.lock();
    try {
      machine.requireLife(handle.life);
      return handle.file.size();
    } finally {
      machine.unlock();
    }
  }

  /// Fills `target` from its start and returns how many bytes there were; -1 at the end of the
  /// file.
  int read(Handle handle, long position, byte[] target) throws IOException {
    machine.announce(
        DiskOperation.range(DiskOperation.Kind.READ, handle.path, position, target.length));
    machine.lock();
    try {
      machine.requireLife(handle.life);
      long rest = handle.file.size() - position;
      if (target.length == 0) {
        return 0;
      }
      if (rest <= 0) {
        return -1;
      }
      int count = shorten((int) Math.min(rest, target.length));
      DiskOperation operation =
          DiskOperation.range(DiskOperation.Kind.READ, handle.path, position, count);
      machine.conclude(operation, machine.judge(operation));
      if (!handle.file.isReadable(position, count)) {
        throw Machine.failure(operation);
      }
      handle.file.read(position, target, count);
      return count;
    } finally {
      machine.unlock();
    }
  }

  /// Writes some first bytes of `source`, all unless the disk is nearly full or transfers are
  /// short.
  ///
  /// @param position where, or nothing for the end of the file
  /// @return the position after the last byte written; how many were written is what it is beyond
  ///   the start
  Written write(Handle handle, OptionalLong position, byte[] source) throws IOException {
    machine.announce(
        DiskOperation.range(
            DiskOperation.Kind.WRITE, handle.path, position.orElse(0), source.length));
    machine.lock();
    try {
      machine.requireLife(handle.life);
      FileNode file = handle.file;
      long at = position.orElse(file.size());
      int length = space.fit(file, at, shorten(source.length));
      DiskOperation operation =
          DiskOperation.range(DiskOperation.Kind.WRITE, handle.path, at, length);
      Faults.Verdict verdict = machine.judge(operation);
      // A write that fails leaves part of itself, as real ones do.
      int written = verdict == Faults.Verdict.FAIL ? length / 2 : length;
      if (written > 0) {
        space.take(Math.max(0, at + written - file.size()));
        file.write(at, source, written);
        file.modified = clock.instant();
      }
      machine.conclude(operation, verdict);
      return new Written(at + written, written);
    } finally {
      machine.unlock();
    }
  }

  /// @param end one past the last byte written
  record Written(long end, int count) {}

  private int shorten(int length) {
    return shortTransfers == null || length < 2 ? length : 1 + shortTransfers.nextInt(length);
  }

  void truncate(Handle handle, long size) throws IOException {
    DiskOperation operation = DiskOperation.truncate(handle.path, size);
    if (size(handle) > size) {
      machine.announce(operation);
    }
    machine.lock();
    try {
      machine.requireLife(handle.life);
      if (handle.file.size() <= size) {
        return;
      }
      Faults.Verdict verdict = machine.judge(operation);
      if (verdict != Faults.Verdict.FAIL) {
        space.take(size - handle.file.size());
        handle.file.truncate(size);
      }
      machine.conclude(operation, verdict);
    } finally {
      machine.unlock();
    }
  }

  void force(Handle handle) throws IOException {
    DiskOperation operation = DiskOperation.of(DiskOperation.Kind.FORCE, handle.path);
    long covered = machine.locked(handle.file::lastSequence);
    machine.announce(operation);
    machine.lock();
    try {
      machine.requireLife(handle.life);
      Faults.Verdict verdict = machine.judge(operation);
      switch (verdict) {
        case PROCEED -> handle.file.force(covered);
        case FAIL -> handle.file.failForce(Survival.drawnFrom(failures));
        case CUT -> {} // what the medium got is drawn at the restart
      }
      machine.conclude(operation, verdict);
    } finally {
      machine.unlock();
    }
  }

  SimulatedFileLock lock(
      SimulatedFileChannel channel, Handle handle, long position, long size, boolean shared)
      throws IOException {
    machine.lock();
    try {
      machine.requireLife(handle.life);
      List<SimulatedFileLock> held = handle.file.locks();
      held.removeIf(it -> !it.acquiredBy().isOpen());
      if (held.stream().anyMatch(it -> it.overlaps(position, size))) {
        throw new OverlappingFileLockException();
      }
      SimulatedFileLock mine =
          new SimulatedFileLock(channel, this, handle.file, position, size, shared);
      held.add(mine);
      return mine;
    } finally {
      machine.unlock();
    }
  }

  private void release(Node node) {
    if (node instanceof FileNode file && file.links == 0 && file.opens == 0) {
      space.take(-file.size());
    }
  }

  // What tests do to it.

  void restart(Survival survival) {
    machine.lock();
    try {
      namespace.crash(survival);
      machine.endLife();
      space.setUsed(namespace.files().stream().mapToLong(FileNode::size).sum());
    } finally {
      machine.unlock();
    }
  }

  /// The process ends, the machine goes on: what was written stays written, and as unforced as it
  /// was.
  void killProcess() {
    machine.lock();
    try {
      for (FileNode file : namespace.files()) {
        file.opens = 0;
        file.locks().clear();
      }
      machine.endLife();
      space.setUsed(namespace.files().stream().mapToLong(FileNode::size).sum());
    } finally {
      machine.unlock();
    }
  }

  boolean isDurable(SimulatedPath path) throws IOException {
    machine.lock();
    try {
      boolean named = namespace.isDurable(path);
      return named && (!(namespace.require(path) instanceof FileNode file) || file.isDurable());
    } finally {
      machine.unlock();
    }
  }

  void onFile(SimulatedPath path, Consumer<FileNode> damage) throws IOException {
    machine.lock();
    try {
      if (!(namespace.require(path) instanceof FileNode file)) {
        throw new FileSystemException(path.toString(), null, "Is a directory");
      }
      long before = file.size();
      damage.accept(file);
      space.take(file.size() - before);
    } finally {
      machine.unlock();
    }
  }

  void setShortTransfers(SplittableRandom random) {
    machine.change(() -> shortTransfers = random);
  }

  /// The room, for use under the machine's lock.
  Space space() {
    return space;
  }
}
