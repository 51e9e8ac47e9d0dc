package skarb.testkit.disk;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Performs the operations: each is announced (to the test's hook, with no lock held), then judged
/// by the armed faults, counted and carried out under the one lock.
final class Disk {
  private static final long TOTAL_BYTES = 1L << 40;

  private final ReentrantLock lock = new ReentrantLock();
  private final InstantSource clock;

  // All below is guarded by the lock, save the hook.
  private final Namespace namespace;
  private final Faults faults = new Faults();
  private final OperationLog log = new OperationLog();
  private final OpenFiles openFiles = new OpenFiles();
  private final SplittableRandom failures = new SplittableRandom(1);
  private @Nullable SplittableRandom shortTransfers;
  private boolean powered = true;
  private long life;
  private long limitBytes = TOTAL_BYTES;
  private long usedBytes;
  private OptionalLong usableBytes = OptionalLong.empty();

  private volatile Consumer<DiskOperation> hook = operation -> {};

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

  <T extends @Nullable Object> T locked(Supplier<T> body) {
    lock.lock();
    try {
      return body.get();
    } finally {
      lock.unlock();
    }
  }

  void change(Runnable body) {
    lock.lock();
    try {
      body.run();
    } finally {
      lock.unlock();
    }
  }

  // Operations on names.

  /// Reads or changes what is known of a node, without counting as an operation.
  <T extends @Nullable Object> T inspect(SimulatedPath path, Access<T> access) throws IOException {
    lock.lock();
    try {
      requirePower();
      return access.to(namespace.require(path));
    } finally {
      lock.unlock();
    }
  }

  Optional<SimulatedAttributes> attributes(SimulatedPath path) throws IOException {
    lock.lock();
    try {
      requirePower();
      return namespace.find(path).map(SimulatedAttributes::of);
    } finally {
      lock.unlock();
    }
  }

  /// The names in a directory, in an order that is always the same and never sorted: real ones
  /// promise none.
  List<String> list(SimulatedPath path) throws IOException {
    lock.lock();
    try {
      requirePower();
      return namespace.requireDirectory(path).current.keySet().stream()
          .sorted(Comparator.comparingInt((String name) -> name.hashCode() * 0x9E3779B1))
          .toList();
    } finally {
      lock.unlock();
    }
  }

  void createDirectory(SimulatedPath path, Set<PosixFilePermission> permissions)
      throws IOException {
    DiskOperation operation = DiskOperation.of(DiskOperation.Kind.CREATE_DIRECTORY, path);
    hook.accept(operation);
    lock.lock();
    try {
      requirePower();
      namespace.checkCreate(path);
      Faults.Verdict verdict = judge(operation);
      if (verdict != Faults.Verdict.FAIL) {
        namespace.createDirectory(path, permissions, clock.instant());
      }
      conclude(operation, verdict);
    } finally {
      lock.unlock();
    }
  }

  void delete(SimulatedPath path) throws IOException {
    DiskOperation operation = DiskOperation.of(DiskOperation.Kind.DELETE, path);
    hook.accept(operation);
    lock.lock();
    try {
      requirePower();
      namespace.checkDelete(path);
      Faults.Verdict verdict = judge(operation);
      if (verdict != Faults.Verdict.FAIL) {
        release(namespace.delete(path, clock.instant()));
      }
      conclude(operation, verdict);
    } finally {
      lock.unlock();
    }
  }

  void rename(SimulatedPath source, SimulatedPath target, boolean replace) throws IOException {
    DiskOperation operation = DiskOperation.rename(source, target);
    hook.accept(operation);
    lock.lock();
    try {
      requirePower();
      namespace.checkRename(source, target, replace);
      Faults.Verdict verdict = judge(operation);
      if (verdict != Faults.Verdict.FAIL) {
        namespace.rename(source, target, clock.instant()).ifPresent(this::release);
      }
      conclude(operation, verdict);
    } finally {
      lock.unlock();
    }
  }

  void forceDirectory(SimulatedPath path) throws IOException {
    DiskOperation operation = DiskOperation.of(DiskOperation.Kind.FORCE_DIRECTORY, path);
    long covered = locked(namespace::lastSequence);
    hook.accept(operation);
    lock.lock();
    try {
      requirePower();
      DirectoryNode directory = namespace.requireDirectory(path);
      Faults.Verdict verdict = judge(operation);
      if (verdict == Faults.Verdict.PROCEED) {
        namespace.force(directory, covered);
      }
      conclude(operation, verdict);
    } finally {
      lock.unlock();
    }
  }

  // Operations on open files.

  /// Opens a file, made first where `mode` says so; nothing if `path` is a directory.
  Optional<Handle> open(SimulatedPath path, OpenMode mode, Set<PosixFilePermission> permissions)
      throws IOException {
    DiskOperation creation = DiskOperation.of(DiskOperation.Kind.CREATE, path);
    if (mode.creates() && attributes(path).isEmpty()) {
      hook.accept(creation);
    }
    lock.lock();
    try {
      requirePower();
      Optional<Node> found = namespace.find(path);
      if (found.isPresent() && mode.createNew()) {
        throw new FileAlreadyExistsException(path.toString());
      }
      Node node = found.isPresent() ? found.get() : create(creation, path, mode, permissions);
      if (node instanceof FileNode file) {
        file.opens++;
        return Optional.of(new Handle(openFiles.add(path), life, path, file));
      }
      if (mode.write()) {
        throw new FileSystemException(path.toString(), null, "Is a directory");
      }
      return Optional.empty();
    } finally {
      lock.unlock();
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
    Faults.Verdict verdict = judge(operation);
    if (verdict == Faults.Verdict.FAIL) {
      throw failure(operation);
    }
    FileNode file = namespace.createFile(path, permissions, clock.instant());
    conclude(operation, verdict);
    return file;
  }

  void close(Handle handle) {
    lock.lock();
    try {
      if (handle.life == life) {
        openFiles.remove(handle.id);
        handle.file.opens--;
        release(handle.file);
      }
    } finally {
      lock.unlock();
    }
  }

  long size(Handle handle) throws IOException {
    lock.lock();
    try {
      require(handle);
      return handle.file.size();
    } finally {
      lock.unlock();
    }
  }

  /// Fills `target` from its start and returns how many bytes there were; -1 at the end of the
  /// file.
  int read(Handle handle, long position, byte[] target) throws IOException {
    hook.accept(DiskOperation.range(DiskOperation.Kind.READ, handle.path, position, target.length));
    lock.lock();
    try {
      require(handle);
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
      conclude(operation, judge(operation));
      if (!handle.file.isReadable(position, count)) {
        throw failure(operation);
      }
      handle.file.read(position, target, count);
      return count;
    } finally {
      lock.unlock();
    }
  }

  /// Writes some first bytes of `source`, all unless the disk is nearly full or transfers are
  /// short.
  ///
  /// @param position where, or nothing for the end of the file
  /// @return the position after the last byte written; how many were written is what it is beyond
  ///   the start
  Written write(Handle handle, OptionalLong position, byte[] source) throws IOException {
    hook.accept(
        DiskOperation.range(
            DiskOperation.Kind.WRITE, handle.path, position.orElse(0), source.length));
    lock.lock();
    try {
      require(handle);
      FileNode file = handle.file;
      long at = position.orElse(file.size());
      int length = fit(file, at, shorten(source.length));
      DiskOperation operation =
          DiskOperation.range(DiskOperation.Kind.WRITE, handle.path, at, length);
      Faults.Verdict verdict = judge(operation);
      // A write that fails leaves part of itself, as real ones do.
      int written = verdict == Faults.Verdict.FAIL ? length / 2 : length;
      if (written > 0) {
        usedBytes += Math.max(0, at + written - file.size());
        file.write(at, source, written);
        file.modified = clock.instant();
      }
      conclude(operation, verdict);
      return new Written(at + written, written);
    } finally {
      lock.unlock();
    }
  }

  /// @param end one past the last byte written
  record Written(long end, int count) {}

  private int fit(FileNode file, long position, int length) throws IOException {
    long room = Math.max(0, limitBytes - usedBytes);
    long most = Math.max(0, file.size() - position) + room;
    long gap = Math.max(0, position - file.size());
    if (length > 0 && most - gap <= 0) {
      throw new IOException("No space left on device");
    }
    return (int) Math.min(length, most - gap);
  }

  private int shorten(int length) {
    return shortTransfers == null || length < 2 ? length : 1 + shortTransfers.nextInt(length);
  }

  void truncate(Handle handle, long size) throws IOException {
    DiskOperation operation = DiskOperation.truncate(handle.path, size);
    if (size(handle) > size) {
      hook.accept(operation);
    }
    lock.lock();
    try {
      require(handle);
      if (handle.file.size() <= size) {
        return;
      }
      Faults.Verdict verdict = judge(operation);
      if (verdict != Faults.Verdict.FAIL) {
        usedBytes -= handle.file.size() - size;
        handle.file.truncate(size);
      }
      conclude(operation, verdict);
    } finally {
      lock.unlock();
    }
  }

  void force(Handle handle) throws IOException {
    DiskOperation operation = DiskOperation.of(DiskOperation.Kind.FORCE, handle.path);
    long covered = locked(handle.file::lastSequence);
    hook.accept(operation);
    lock.lock();
    try {
      require(handle);
      Faults.Verdict verdict = judge(operation);
      switch (verdict) {
        case PROCEED -> handle.file.force(covered);
        case FAIL -> handle.file.failForce(Survival.drawnFrom(failures));
        case CUT -> {} // what the medium got is drawn at the restart
      }
      conclude(operation, verdict);
    } finally {
      lock.unlock();
    }
  }

  SimulatedFileLock lock(
      SimulatedFileChannel channel, Handle handle, long position, long size, boolean shared)
      throws IOException {
    lock.lock();
    try {
      require(handle);
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
      lock.unlock();
    }
  }

  // What every operation goes through.

  private void requirePower() {
    if (!powered) {
      throw new SimulatedCrash("the power is off");
    }
  }

  private void require(Handle handle) throws IOException {
    requirePower();
    if (handle.life != life) {
      throw new ClosedChannelException();
    }
  }

  private Faults.Verdict judge(DiskOperation operation) {
    log.add(operation);
    return faults.judge(operation);
  }

  private void conclude(DiskOperation operation, Faults.Verdict verdict) throws IOException {
    switch (verdict) {
      case PROCEED -> {}
      case FAIL -> throw failure(operation);
      case CUT -> {
        powered = false;
        throw new SimulatedCrash("the power was cut at: " + operation);
      }
    }
  }

  private static IOException failure(DiskOperation operation) {
    return new IOException("Input/output error (simulated) at: " + operation);
  }

  private void release(Node node) {
    if (node instanceof FileNode file && file.links == 0 && file.opens == 0) {
      usedBytes -= file.size();
    }
  }

  // What tests do to it.

  void powerOff() {
    change(() -> powered = false);
  }

  void restart(Survival survival) {
    lock.lock();
    try {
      namespace.crash(survival);
      endLife();
      usedBytes = namespace.files().stream().mapToLong(FileNode::size).sum();
    } finally {
      lock.unlock();
    }
  }

  /// The process ends, the machine goes on: what was written stays written, and as unforced as it
  /// was.
  void killProcess() {
    lock.lock();
    try {
      for (FileNode file : namespace.files()) {
        file.opens = 0;
        file.locks().clear();
      }
      endLife();
      usedBytes = namespace.files().stream().mapToLong(FileNode::size).sum();
    } finally {
      lock.unlock();
    }
  }

  private void endLife() {
    openFiles.clear();
    faults.clear();
    life++;
    powered = true;
  }

  boolean isDurable(SimulatedPath path) throws IOException {
    lock.lock();
    try {
      boolean named = namespace.isDurable(path);
      return named && (!(namespace.require(path) instanceof FileNode file) || file.isDurable());
    } finally {
      lock.unlock();
    }
  }

  void onFile(SimulatedPath path, Consumer<FileNode> damage) throws IOException {
    lock.lock();
    try {
      if (!(namespace.require(path) instanceof FileNode file)) {
        throw new FileSystemException(path.toString(), null, "Is a directory");
      }
      long before = file.size();
      damage.accept(file);
      usedBytes += file.size() - before;
    } finally {
      lock.unlock();
    }
  }

  void setHook(Consumer<DiskOperation> newHook) {
    hook = newHook;
  }

  void setShortTransfers(SplittableRandom random) {
    change(() -> shortTransfers = random);
  }

  void setLimitBytes(long bytes) {
    change(() -> limitBytes = bytes);
  }

  void setUsableBytes(long bytes) {
    change(() -> usableBytes = OptionalLong.of(bytes));
  }

  long totalBytes() {
    return locked(() -> limitBytes);
  }

  long usableBytes() {
    return locked(() -> usableBytes.orElse(Math.max(0, limitBytes - usedBytes)));
  }

  /// The faults, log and open files, for use under [#locked].
  Faults faults() {
    return faults;
  }

  OperationLog log() {
    return log;
  }

  OpenFiles openFiles() {
    return openFiles;
  }

  Instant now() {
    return clock.instant();
  }
}
