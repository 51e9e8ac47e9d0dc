package skarb.node.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A file that is written and forced, for which the first failure is the last: after a write or a
/// force threw, every later one throws too, since nobody knows what of the file is on disk. (A
/// second `fsync` after a failed one may well report success, the kernel having dropped the pages:
/// it is never tried.)
///
/// What was written is durable once a later [#force] returned, the file's length included; its name
/// is durable once its directory was forced as well ([DirectorySync]).
///
/// Threads: one writes; any may force meanwhile, and vouches then for what was written before it
/// began. The writing thread must not be interrupted: an interrupt closes the channel, which is a
/// failure like another.
public final class DurableFile implements AutoCloseable {
  private static final ByteBuffer ZEROES = ByteBuffer.allocate(256 << 10).asReadOnlyBuffer();

  private final Path path;
  private final FileChannel channel;
  private long length;
  private volatile @Nullable Throwable failure;

  private DurableFile(Path path, FileChannel channel) throws IOException {
    this.path = path;
    this.channel = channel;
    this.length = channel.size();
  }

  /// Makes a file.
  ///
  /// @throws java.nio.file.FileAlreadyExistsException if it exists
  public static DurableFile create(Path path) throws IOException {
    return open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  /// Opens a file that exists; appending goes on at its end.
  ///
  /// @throws java.nio.file.NoSuchFileException if it does not exist
  public static DurableFile open(Path path) throws IOException {
    return open(path, StandardOpenOption.WRITE);
  }

  private static DurableFile open(Path path, StandardOpenOption... options) throws IOException {
    FileChannel channel = FileChannel.open(path, options);
    try {
      return new DurableFile(path, channel);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /// Where it lies.
  public Path path() {
    return path;
  }

  /// Bytes of the file, written ones included that were not forced yet. For the writing thread.
  public long length() {
    return length;
  }

  /// Appends bytes, by one gathering write as far as the system takes them.
  ///
  /// @param buffers what lies between their positions and limits; they stay as they are
  /// @return where the first byte lies
  public long append(List<ByteBuffer> buffers) throws IOException {
    long position = length;
    write(position, buffers);
    return position;
  }

  /// Writes bytes at a position, by one gathering write as far as the system takes them.
  ///
  /// @param position of the first byte; not beyond the end of the file
  /// @param buffers what lies between their positions and limits; they stay as they are
  public void write(long position, List<ByteBuffer> buffers) throws IOException {
    if (position < 0 || position > length) {
      throw new IllegalArgumentException(position + " is not within the " + length + " of " + path);
    }
    mustBeSound();
    ByteBuffer[] parts = new ByteBuffer[buffers.size()];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = buffers.get(i).duplicate();
    }
    try {
      channel.position(position);
      int first = 0;
      long written = 0;
      while (true) {
        while (first < parts.length && !parts[first].hasRemaining()) {
          first++;
        }
        if (first == parts.length) {
          break;
        }
        written += channel.write(parts, first, parts.length - first);
      }
      length = Math.max(length, position + written);
    } catch (IOException | RuntimeException e) {
      throw failed("write at " + position, e);
    }
  }

  /// Writes zeroes.
  ///
  /// @param position of the first; not beyond the end of the file
  /// @param count how many
  public void writeZeroes(long position, long count) throws IOException {
    for (long done = 0; done < count; ) {
      int step = (int) Math.min(ZEROES.capacity(), count - done);
      write(position + done, List.of(ZEROES.slice(0, step)));
      done += step;
    }
  }

  /// Cuts the file.
  ///
  /// @param newLength its new length; not longer than it is
  public void truncate(long newLength) throws IOException {
    mustBeSound();
    try {
      channel.truncate(newLength);
      length = Math.min(length, newLength);
    } catch (IOException | RuntimeException e) {
      throw failed("truncate to " + newLength, e);
    }
  }

  /// Makes durable what was written before the call.
  public void force() throws IOException {
    mustBeSound();
    try {
      channel.force(false);
    } catch (IOException | RuntimeException e) {
      throw failed("force", e);
    }
    // A write that failed meanwhile, or another force, may have concerned what we vouch for.
    mustBeSound();
  }

  /// Closes it, without a force. Idempotent.
  @Override
  public void close() throws IOException {
    channel.close();
  }

  private void mustBeSound() throws IOException {
    Throwable before = failure;
    if (before != null) {
      throw new IOException(path + " failed before, and that is final: " + before, before);
    }
  }

  private IOException failed(String operation, Exception cause) {
    failure = cause;
    return new IOException(path + ": " + operation + " failed: " + cause, cause);
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
