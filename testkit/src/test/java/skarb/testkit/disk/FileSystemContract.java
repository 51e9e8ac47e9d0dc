package skarb.testkit.disk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What Skarb expects of a file system: held by the real one and the simulated one alike.
abstract class FileSystemContract {

  /// An empty directory.
  abstract Path root();

  private Path file(String name) {
    return root().resolve(name);
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }

  private static String read(FileChannel channel, long position, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    channel.read(buffer, position);
    return new String(buffer.array(), 0, buffer.position(), UTF_8);
  }

  @Test
  void positionalWritesAndReadsLeaveThePositionAlone() throws IOException {
    try (FileChannel channel = FileChannel.open(file("a"), READ, WRITE, CREATE)) {
      assertThat(channel.write(bytes("world"), 6)).isEqualTo(5);
      assertThat(channel.write(bytes("hello"), 0)).isEqualTo(5);
      assertThat(channel.position()).isZero();
      assertThat(channel.size()).isEqualTo(11);
      assertThat(read(channel, 0, 20)).isEqualTo("hello\0world");
      assertThat(channel.read(ByteBuffer.allocate(1), 11)).isEqualTo(-1);
      assertThat(channel.read(ByteBuffer.allocate(0), 0)).isZero();
    }
  }

  @Test
  void relativeWritesAndReadsMoveThePosition() throws IOException {
    try (FileChannel channel = FileChannel.open(file("a"), READ, WRITE, CREATE)) {
      channel.write(bytes("abc"));
      channel.write(bytes("def"));
      assertThat(channel.position()).isEqualTo(6);
      channel.position(2);
      ByteBuffer target = ByteBuffer.allocate(3);
      assertThat(channel.read(target)).isEqualTo(3);
      assertThat(new String(target.array(), UTF_8)).isEqualTo("cde");
      assertThat(channel.position()).isEqualTo(5);
      channel.position(100);
      assertThat(channel.read(ByteBuffer.allocate(1))).isEqualTo(-1);
      assertThat(channel.size()).isEqualTo(6);
    }
  }

  @Test
  void gatheringWriteTakesAllBuffersInOrder() throws IOException {
    try (FileChannel channel = FileChannel.open(file("a"), READ, WRITE, CREATE)) {
      ByteBuffer direct = ByteBuffer.allocateDirect(2).put((byte) 'c').put((byte) 'd').flip();
      ByteBuffer[] sources = {
        bytes("ab"), direct, bytes("skipped"), bytes("ef").asReadOnlyBuffer()
      };
      sources[2].position(7);
      assertThat(channel.write(sources)).isEqualTo(6);
      assertThat(sources).noneMatch(ByteBuffer::hasRemaining);
      assertThat(read(channel, 0, 10)).isEqualTo("abcdef");
      ByteBuffer[] targets = {ByteBuffer.allocate(4), ByteBuffer.allocate(4)};
      channel.position(0);
      assertThat(channel.read(targets)).isEqualTo(6);
      assertThat(targets[1].position()).isEqualTo(2);
    }
  }

  @Test
  void writeBeyondTheEndLeavesZeros() throws IOException {
    try (FileChannel channel = FileChannel.open(file("a"), READ, WRITE, CREATE)) {
      channel.write(bytes("x"), 10_000);
      ByteBuffer all = ByteBuffer.allocate(10_001);
      channel.read(all, 0);
      assertThat(all.get(9_999)).isZero();
      assertThat(all.get(10_000)).isEqualTo((byte) 'x');
    }
  }

  @Test
  void truncateCutsAndMovesThePositionBack() throws IOException {
    try (FileChannel channel = FileChannel.open(file("a"), READ, WRITE, CREATE)) {
      channel.write(bytes("abcdef"));
      channel.truncate(100);
      assertThat(channel.size()).isEqualTo(6);
      channel.truncate(2);
      assertThat(channel.size()).isEqualTo(2);
      assertThat(channel.position()).isEqualTo(2);
      channel.write(bytes("z"), 4);
      assertThat(read(channel, 0, 10)).isEqualTo("ab\0\0z");
      channel.force(false);
      channel.force(true);
    }
  }

  @Test
  void openingHonoursItsOptions() throws IOException {
    assertThatThrownBy(() -> FileChannel.open(file("a"), READ))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> FileChannel.open(file("a"), WRITE))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> FileChannel.open(file("no/a"), WRITE, CREATE))
        .isInstanceOf(NoSuchFileException.class);
    FileChannel.open(file("a"), WRITE, CREATE_NEW).close();
    assertThatThrownBy(() -> FileChannel.open(file("a"), WRITE, CREATE_NEW))
        .isInstanceOf(FileAlreadyExistsException.class);
    Files.write(file("a"), new byte[10]);
    FileChannel.open(file("a"), WRITE, CREATE).close();
    assertThat(Files.size(file("a"))).isEqualTo(10);
    FileChannel.open(file("a"), WRITE, TRUNCATE_EXISTING).close();
    assertThat(Files.size(file("a"))).isZero();
    assertThatThrownBy(() -> FileChannel.open(file("a/b"), WRITE, CREATE))
        .isInstanceOf(FileSystemException.class);
  }

  @Test
  void appendAlwaysWritesAtTheEnd() throws IOException {
    Files.write(file("a"), "abc".getBytes(UTF_8));
    try (FileChannel one = FileChannel.open(file("a"), APPEND);
        FileChannel other = FileChannel.open(file("a"), APPEND)) {
      one.write(bytes("1"));
      other.write(bytes("2"));
      one.write(bytes("3"));
    }
    assertThat(Files.readString(file("a"))).isEqualTo("abc123");
  }

  @Test
  void channelsRefuseWhatTheyWereNotOpenedFor() throws IOException {
    try (FileChannel channel = FileChannel.open(file("a"), WRITE, CREATE)) {
      assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(1)))
          .isInstanceOf(NonReadableChannelException.class);
    }
    FileChannel closed;
    try (FileChannel channel = FileChannel.open(file("a"), READ)) {
      closed = channel;
      assertThatThrownBy(() -> channel.write(bytes("x")))
          .isInstanceOf(NonWritableChannelException.class);
      assertThatThrownBy(() -> channel.truncate(0)).isInstanceOf(NonWritableChannelException.class);
      assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(1), -1))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(closed::size).isInstanceOf(ClosedChannelException.class);
    assertThatThrownBy(() -> closed.force(true)).isInstanceOf(ClosedChannelException.class);
  }

  @Test
  void interruptedThreadClosesTheChannel() throws IOException {
    try (FileChannel channel = FileChannel.open(file("a"), WRITE, CREATE)) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> channel.write(bytes("x")))
          .isInstanceOf(ClosedByInterruptException.class);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(channel.isOpen()).isFalse();
    }
  }

  @Test
  void transfersCopyRanges() throws IOException {
    Files.write(file("a"), "0123456789".getBytes(UTF_8));
    ByteArrayOutputStream target = new ByteArrayOutputStream();
    try (FileChannel channel = FileChannel.open(file("a"), READ, WRITE)) {
      assertThat(channel.transferTo(3, 4, Channels.newChannel(target))).isEqualTo(4);
      assertThat(channel.transferTo(8, 100, Channels.newChannel(target))).isEqualTo(2);
      assertThat(target.toString(UTF_8)).isEqualTo("345689");
      try (FileChannel copy = FileChannel.open(file("b"), READ, WRITE, CREATE)) {
        assertThat(copy.transferFrom(channel, 0, 5)).isEqualTo(5);
        assertThat(copy.position()).isZero();
      }
    }
    assertThat(Files.readString(file("b"))).isEqualTo("01234");
  }

  @Test
  void directoryCanBeForcedAndNotRead() throws IOException {
    try (FileChannel directory = FileChannel.open(root(), READ)) {
      directory.force(true);
      assertThatThrownBy(() -> directory.read(ByteBuffer.allocate(1)))
          .isInstanceOf(IOException.class);
    }
    assertThatThrownBy(() -> FileChannel.open(root(), WRITE))
        .isInstanceOf(FileSystemException.class);
  }

  @Test
  void directoriesAreMadeListedAndDeleted() throws IOException {
    Files.createDirectories(file("x/y/z"));
    Files.createDirectories(file("x/y/z"));
    assertThat(Files.isDirectory(file("x/y"))).isTrue();
    assertThat(Files.isRegularFile(file("x/y"))).isFalse();
    assertThatThrownBy(() -> Files.createDirectory(file("x")))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThatThrownBy(() -> Files.createDirectory(file("no/y")))
        .isInstanceOf(NoSuchFileException.class);
    Files.write(file("x/1.log"), new byte[1]);
    Files.write(file("x/2.log"), new byte[1]);
    Files.write(file("x/2.tmp"), new byte[1]);
    try (Stream<Path> entries = Files.list(file("x"))) {
      assertThat(entries)
          .containsExactlyInAnyOrder(
              file("x/y"), file("x/1.log"), file("x/2.log"), file("x/2.tmp"));
    }
    List<Path> logs = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(file("x"), "*.{log,txt}")) {
      entries.forEach(logs::add);
    }
    assertThat(logs).containsExactlyInAnyOrder(file("x/1.log"), file("x/2.log"));
    assertThatThrownBy(() -> Files.delete(file("x")))
        .isInstanceOf(DirectoryNotEmptyException.class);
    assertThatThrownBy(() -> Files.list(file("x/1.log"))).isInstanceOf(NotDirectoryException.class);
    assertThatThrownBy(() -> Files.list(file("no"))).isInstanceOf(NoSuchFileException.class);
    try (Stream<Path> all = Files.walk(root())) {
      assertThat(all).hasSize(7);
    }
  }

  @Test
  void filesAreDeleted() throws IOException {
    Files.write(file("a"), new byte[1]);
    assertThat(Files.exists(file("a"))).isTrue();
    Files.delete(file("a"));
    assertThat(Files.exists(file("a"))).isFalse();
    assertThat(Files.notExists(file("a"))).isTrue();
    assertThat(Files.deleteIfExists(file("a"))).isFalse();
    assertThatThrownBy(() -> Files.delete(file("a"))).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void deletedFileLivesOnWhileItIsOpen() throws IOException {
    Files.writeString(file("a"), "old");
    try (FileChannel channel = FileChannel.open(file("a"), READ, WRITE)) {
      Files.delete(file("a"));
      Files.writeString(file("a"), "new");
      assertThat(read(channel, 0, 10)).isEqualTo("old");
      channel.write(bytes("still"), 0);
      assertThat(read(channel, 0, 10)).isEqualTo("still");
    }
    assertThat(Files.readString(file("a"))).isEqualTo("new");
  }

  @Test
  void atomicMoveReplaces() throws IOException {
    Files.writeString(file("a"), "new");
    Files.writeString(file("b"), "old");
    Files.move(file("a"), file("b"), StandardCopyOption.ATOMIC_MOVE);
    assertThat(Files.readString(file("b"))).isEqualTo("new");
    assertThat(Files.exists(file("a"))).isFalse();
  }

  @Test
  void plainMoveReplacesOnlyWhenAsked() throws IOException {
    Files.writeString(file("a"), "new");
    Files.writeString(file("b"), "old");
    assertThatThrownBy(() -> Files.move(file("a"), file("b")))
        .isInstanceOf(FileAlreadyExistsException.class);
    Files.move(file("a"), file("b"), StandardCopyOption.REPLACE_EXISTING);
    assertThat(Files.readString(file("b"))).isEqualTo("new");
    assertThatThrownBy(() -> Files.move(file("a"), file("b")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void directoryMovesWithAllThatIsInIt() throws IOException {
    Files.createDirectories(file("x/y"));
    Files.writeString(file("x/y/a"), "1");
    Files.move(file("x"), file("z"));
    assertThat(Files.readString(file("z/y/a"))).isEqualTo("1");
    assertThat(Files.exists(file("x"))).isFalse();
    assertThatThrownBy(() -> Files.move(file("z"), file("z/y/z")))
        .isInstanceOf(FileSystemException.class);
  }

  @Test
  void permissionsAreKept() throws IOException {
    var secret = PosixFilePermissions.fromString("rw-------");
    FileChannel.open(
            file("a"), Set.of(WRITE, CREATE_NEW), PosixFilePermissions.asFileAttribute(secret))
        .close();
    assertThat(Files.getPosixFilePermissions(file("a"))).isEqualTo(secret);
    var readOnly = PosixFilePermissions.fromString("r--r-----");
    Files.setPosixFilePermissions(file("a"), readOnly);
    assertThat(Files.getPosixFilePermissions(file("a"))).isEqualTo(readOnly);
    var closed = PosixFilePermissions.fromString("rwx------");
    Files.createDirectory(file("d"), PosixFilePermissions.asFileAttribute(closed));
    assertThat(Files.getPosixFilePermissions(file("d"))).isEqualTo(closed);
    assertThat(Files.getAttribute(file("a"), "posix:permissions")).isEqualTo(readOnly);
  }

  @Test
  void overlappingLocksAreRefusedUntilReleased() throws IOException {
    try (FileChannel one = FileChannel.open(file("lock"), WRITE, CREATE);
        FileChannel other = FileChannel.open(file("lock"), WRITE)) {
      FileLock lock = Objects.requireNonNull(one.tryLock());
      assertThat(lock.isValid()).isTrue();
      assertThatThrownBy(other::tryLock).isInstanceOf(OverlappingFileLockException.class);
      lock.release();
      assertThat(lock.isValid()).isFalse();
      assertThat(other.tryLock()).isNotNull();
    }
    try (FileChannel again = FileChannel.open(file("lock"), WRITE)) {
      assertThat(again.lock().isValid()).isTrue();
    }
  }

  @Test
  void wholeFileHelpersWork() throws IOException {
    Files.writeString(file("a"), "zażółć");
    assertThat(Files.readString(file("a"))).isEqualTo("zażółć");
    Files.write(file("a"), new byte[100_000]);
    assertThat(Files.readAllBytes(file("a"))).hasSize(100_000);
    assertThat(Files.size(file("a"))).isEqualTo(100_000);
    Files.copy(file("a"), file("b"));
    assertThat(Files.mismatch(file("a"), file("b"))).isEqualTo(-1);
    assertThat(Files.isSameFile(file("a"), file("b"))).isFalse();
    assertThat(Files.getFileStore(file("a")).getUsableSpace()).isPositive();
    assertThatThrownBy(() -> Files.writeString(file("n".repeat(256)), ""))
        .isInstanceOf(FileSystemException.class);
  }

  @Test
  void pathsAreResolvedAndTakenApart() {
    Path path = file("x").resolve("y/z.log");
    assertThat(root().relativize(path).toString()).isEqualTo("x/y/z.log");
    assertThat(Objects.requireNonNull(path.getFileName()).toString()).isEqualTo("z.log");
    assertThat(path.getParent()).isEqualTo(file("x/y"));
    assertThat(path.startsWith(root())).isTrue();
    assertThat(path.endsWith("y/z.log")).isTrue();
    assertThat(path.endsWith("/y/z.log")).isFalse();
    assertThat(path.resolveSibling("w").toString()).endsWith("x/y/w");
    assertThat(file("x/../q/./r").normalize()).isEqualTo(file("q/r"));
    assertThat(root().isAbsolute()).isTrue();
    assertThat(file("a")).isLessThan(file("b")).isEqualByComparingTo(file("a"));
    Path relative = root().relativize(file("m/n"));
    assertThat(relative.isAbsolute()).isFalse();
    assertThat(relative.getNameCount()).isEqualTo(2);
    assertThat(relative.getName(1).toString()).isEqualTo("n");
    assertThat(file("m/n").relativize(file("m/o/p")).toString()).isEqualTo("../o/p");
    assertThat(file("m").resolve("")).isEqualTo(file("m"));
    assertThat(file("m").equals(file("n"))).isFalse();
  }
}
