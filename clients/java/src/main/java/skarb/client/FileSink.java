package skarb.client;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A download into a file: into another one beside it, which takes its name once it is whole and on
/// disk. Until then what was there stays.
///
/// A file that is replaced passes its permissions on, and until then nobody else may read what
/// came. Its group goes with them; where that cannot be, its group's permissions do not either. A
/// link is replaced itself, by a file as any new one.
final class FileSink implements DownloadSink<ObjectInfo> {
  private static final Logger LOG = LoggerFactory.getLogger(FileSink.class);

  private final Path target;
  private final Path partial;
  private @Nullable FileChannel channel;
  private @Nullable ObjectInfo object;
  private @Nullable PosixFileAttributes replaced;

  FileSink(Path target) {
    this.target = target;
    this.partial =
        target.toAbsolutePath().resolveSibling(".skarb-" + UUID.randomUUID() + ".partial");
  }

  @Override
  public void begin(ObjectInfo info, ContentRange range) throws IOException {
    object = info;
    replaced = ofReplaced();
    Set<StandardOpenOption> options =
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    channel =
        replaced == null
            ? FileChannel.open(partial, options)
            : FileChannel.open(
                partial,
                options,
                PosixFilePermissions.asFileAttribute(
                    EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE)));
  }

  /// @return null where there is no file yet, or the system has no such permissions
  private @Nullable PosixFileAttributes ofReplaced() throws IOException {
    if (!target.getFileSystem().supportedFileAttributeViews().contains("posix")
        || !Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)) {
      return null;
    }
    return Files.readAttributes(target, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  private void passOn(PosixFileAttributes before) throws IOException {
    Set<PosixFilePermission> permissions = new HashSet<>(before.permissions());
    PosixFileAttributeView view = Files.getFileAttributeView(partial, PosixFileAttributeView.class);
    if (!view.readAttributes().group().equals(before.group())) {
      try {
        view.setGroup(before.group());
      } catch (IOException e) {
        permissions.removeAll(
            EnumSet.of(
                PosixFilePermission.GROUP_READ,
                PosixFilePermission.GROUP_WRITE,
                PosixFilePermission.GROUP_EXECUTE));
      }
    }
    view.setPermissions(permissions);
  }

  @Override
  public boolean accept(ByteString bytes) throws IOException {
    FileChannel open = opened(channel);
    for (ByteBuffer buffer : bytes.asReadOnlyByteBufferList()) {
      while (buffer.hasRemaining()) {
        int unused = open.write(buffer);
      }
    }
    return true;
  }

  @Override
  public ObjectInfo finish() throws IOException {
    FileChannel open = opened(channel);
    open.force(true);
    open.close();
    PosixFileAttributes before = replaced;
    if (before != null) {
      passOn(before);
    }
    try {
      Path unused = Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Path unused = Files.move(partial, target, StandardCopyOption.REPLACE_EXISTING);
    }
    return opened(object);
  }

  @Override
  public void fail(Throwable failure) {
    FileChannel open = channel;
    if (open == null) {
      return;
    }
    try {
      open.close();
      boolean unused = Files.deleteIfExists(partial);
    } catch (IOException e) {
      LOG.warn("{} is left over from a download that failed: {}", partial, e.getMessage());
    }
  }

  private static <T> T opened(@Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("not begun");
    }
    return value;
  }
}
