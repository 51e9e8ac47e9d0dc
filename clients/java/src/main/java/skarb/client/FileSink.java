package skarb.client;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A download into a file: into another one beside it, which takes its name once it is whole. Until
/// then what was there stays.
final class FileSink implements DownloadSink<ObjectInfo> {
  private static final Logger LOG = LoggerFactory.getLogger(FileSink.class);

  private final Path target;
  private final Path partial;
  private @Nullable FileChannel channel;
  private @Nullable ObjectInfo object;

  FileSink(Path target) {
    this.target = target;
    this.partial =
        target.toAbsolutePath().resolveSibling(".skarb-" + UUID.randomUUID() + ".partial");
  }

  @Override
  public void begin(ObjectInfo info, ContentRange range) throws IOException {
    object = info;
    channel = FileChannel.open(partial, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
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
    opened(channel).close();
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
