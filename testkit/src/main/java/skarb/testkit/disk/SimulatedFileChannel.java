package skarb.testkit.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A file that is open. As with the JDK's own, an interrupted thread that uses it closes it for
/// everybody.
final class SimulatedFileChannel extends FileChannel {
  private static final int TRANSFER_BYTES = 64 * 1024;

  private final Disk disk;
  private final Disk.Handle handle;
  private final OpenMode mode;

  /// Orders the operations that use the position. Taken before the disk's lock.
  private final ReentrantLock positionLock = new ReentrantLock();

  private long position;

  SimulatedFileChannel(Disk disk, Disk.Handle handle, OpenMode mode) {
    this.disk = disk;
    this.handle = handle;
    this.mode = mode;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    return (int) read(new ByteBuffer[] {target}, 0, 1);
  }

  @Override
  public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, targets.length);
    checkReadable();
    positionLock.lock();
    try {
      byte[] bytes = new byte[remaining(targets, offset, length)];
      int count = disk.read(handle, position, bytes);
      int done = 0;
      for (int i = offset; i < offset + length && done < count; i++) {
        int part = Math.min(targets[i].remaining(), count - done);
        targets[i].put(bytes, done, part);
        done += part;
      }
      position += done;
      return count;
    } finally {
      positionLock.unlock();
    }
  }

  @Override
  public int read(ByteBuffer target, long from) throws IOException {
    checkPosition(from);
    checkReadable();
    byte[] bytes = new byte[target.remaining()];
    int count = disk.read(handle, from, bytes);
    if (count > 0) {
      target.put(bytes, 0, count);
    }
    return count;
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    return (int) write(new ByteBuffer[] {source}, 0, 1);
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, sources.length);
    checkWritable();
    positionLock.lock();
    try {
      OptionalLong at = mode.append() ? OptionalLong.empty() : OptionalLong.of(position);
      Disk.Written written = write(sources, offset, length, at);
      position = written.count() > 0 ? written.end() : position;
      return written.count();
    } finally {
      positionLock.unlock();
    }
  }

  @Override
  public int write(ByteBuffer source, long to) throws IOException {
    checkPosition(to);
    checkWritable();
    OptionalLong at = mode.append() ? OptionalLong.empty() : OptionalLong.of(to);
    return write(new ByteBuffer[] {source}, 0, 1, at).count();
  }

  /// One call of the system: gathers, writes, and only then moves the buffers by what was written.
  private Disk.Written write(ByteBuffer[] sources, int offset, int length, OptionalLong at)
      throws IOException {
    byte[] bytes = new byte[remaining(sources, offset, length)];
    if (bytes.length == 0) {
      return new Disk.Written(at.orElse(0), 0);
    }
    int gathered = 0;
    for (int i = offset; i < offset + length; i++) {
      int part = Math.min(sources[i].remaining(), bytes.length - gathered);
      sources[i].get(sources[i].position(), bytes, gathered, part);
      gathered += part;
    }
    Disk.Written written = disk.write(handle, at, bytes);
    int rest = written.count();
    for (int i = offset; i < offset + length && rest > 0; i++) {
      int part = Math.min(sources[i].remaining(), rest);
      sources[i].position(sources[i].position() + part);
      rest -= part;
    }
    return written;
  }

  private static int remaining(ByteBuffer[] buffers, int offset, int length) {
    long sum = 0;
    for (int i = offset; i < offset + length; i++) {
      sum += buffers[i].remaining();
    }
    return (int) Math.min(sum, Integer.MAX_VALUE - 8);
  }

  @Override
  public long position() throws IOException {
    checkOpen();
    positionLock.lock();
    try {
      return mode.append() ? disk.size(handle) : position;
    } finally {
      positionLock.unlock();
    }
  }

  @Override
  public FileChannel position(long newPosition) throws IOException {
    checkPosition(newPosition);
    checkOpen();
    positionLock.lock();
    try {
      position = newPosition;
      return this;
    } finally {
      positionLock.unlock();
    }
  }

  @Override
  public long size() throws IOException {
    checkOpen();
    return disk.size(handle);
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    checkPosition(size);
    checkWritable();
    positionLock.lock();
    try {
      disk.truncate(handle, size);
      position = Math.min(position, size);
      return this;
    } finally {
      positionLock.unlock();
    }
  }

  /// With or without `metaData`: the size is forced in either case, as `fdatasync` does where it
  /// matters.
  @Override
  public void force(boolean metaData) throws IOException {
    checkOpen();
    disk.force(handle);
  }

  @Override
  public long transferTo(long from, long count, WritableByteChannel target) throws IOException {
    checkPosition(from);
    checkPosition(count);
    checkReadable();
    long done = 0;
    while (done < count) {
      byte[] bytes = new byte[(int) Math.min(TRANSFER_BYTES, count - done)];
      int read = disk.read(handle, from + done, bytes);
      if (read <= 0) {
        return done;
      }
      int written = target.write(ByteBuffer.wrap(bytes, 0, read));
      done += written;
      if (written < read) {
        return done;
      }
    }
    return done;
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long to, long count) throws IOException {
    checkPosition(to);
    checkPosition(count);
    checkWritable();
    if (to > size()) {
      return 0;
    }
    long done = 0;
    while (done < count) {
      ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(TRANSFER_BYTES, count - done));
      if (source.read(buffer) <= 0) {
        return done;
      }
      buffer.flip();
      while (buffer.hasRemaining()) {
        done += write(buffer, to + done);
      }
    }
    return done;
  }

  @Override
  public MappedByteBuffer map(MapMode mapMode, long from, long size) {
    throw new UnsupportedOperationException("a mapped file cannot be simulated");
  }

  @Override
  public FileLock lock(long from, long size, boolean shared) throws IOException {
    checkOpen();
    if (shared && !mode.read()) {
      throw new NonReadableChannelException();
    }
    if (!shared && !mode.write()) {
      throw new NonWritableChannelException();
    }
    return disk.lock(this, handle, from, size, shared);
  }

  /// As `lock`: within one process an overlapping lock is an error in both, and there is no other
  /// process.
  @Override
  public @Nullable FileLock tryLock(long from, long size, boolean shared) throws IOException {
    return lock(from, size, shared);
  }

  @Override
  protected void implCloseChannel() throws IOException {
    disk.close(handle);
    if (mode.deleteOnClose()) {
      disk.delete(handle.path());
    }
  }

  private void checkOpen() throws IOException {
    if (!isOpen()) {
      throw new ClosedChannelException();
    }
    if (Thread.currentThread().isInterrupted()) {
      close();
      throw new ClosedByInterruptException();
    }
  }

  private void checkReadable() throws IOException {
    checkOpen();
    if (!mode.read()) {
      throw new NonReadableChannelException();
    }
  }

  private void checkWritable() throws IOException {
    checkOpen();
    if (!mode.write()) {
      throw new NonWritableChannelException();
    }
  }

  private static void checkPosition(long position) {
    if (position < 0) {
      throw new IllegalArgumentException("negative: " + position);
    }
  }
}
