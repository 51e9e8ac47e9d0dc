package skarb.testkit.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/// A directory opened for reading, which on Linux serves to force it and for nothing else.
final class SimulatedDirectoryChannel extends FileChannel {
  private final Disk disk;
  private final Disk.DirectoryHandle handle;

  SimulatedDirectoryChannel(Disk disk, Disk.DirectoryHandle handle) {
    this.disk = disk;
    this.handle = handle;
  }

  @Override
  public void force(boolean metaData) throws IOException {
    if (!isOpen()) {
      throw new ClosedChannelException();
    }
    disk.forceDirectory(handle);
  }

  @Override
  protected void implCloseChannel() {
    disk.machine().change(() -> disk.machine().openFiles().remove(handle.id()));
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    throw isDirectory();
  }

  @Override
  public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
    throw isDirectory();
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    throw isDirectory();
  }

  @Override
  public long position() throws IOException {
    throw isDirectory();
  }

  @Override
  public FileChannel position(long newPosition) throws IOException {
    throw isDirectory();
  }

  @Override
  public long size() throws IOException {
    throw isDirectory();
  }

  @Override
  public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
    throw isDirectory();
  }

  @Override
  public int write(ByteBuffer source) {
    throw new NonWritableChannelException();
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) {
    throw new NonWritableChannelException();
  }

  @Override
  public int write(ByteBuffer source, long position) {
    throw new NonWritableChannelException();
  }

  @Override
  public FileChannel truncate(long size) {
    throw new NonWritableChannelException();
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long position, long count) {
    throw new NonWritableChannelException();
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long position, long size) {
    throw new UnsupportedOperationException("a mapped file cannot be simulated");
  }

  @Override
  public FileLock lock(long position, long size, boolean shared) throws IOException {
    throw isDirectory();
  }

  @Override
  public FileLock tryLock(long position, long size, boolean shared) throws IOException {
    throw isDirectory();
  }

  private static IOException isDirectory() {
    return new IOException("Is a directory");
  }
}
