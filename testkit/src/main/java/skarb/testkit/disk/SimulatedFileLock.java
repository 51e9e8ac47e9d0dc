package skarb.testkit.disk;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileLock;

/// A lock held by this process, gone with its channel or the power.
final class SimulatedFileLock extends FileLock {
  private final Disk disk;
  private final FileNode file;

  SimulatedFileLock(
      SimulatedFileChannel channel,
      Disk disk,
      FileNode file,
      long position,
      long size,
      boolean shared) {
    super(channel, position, size, shared);
    this.disk = disk;
    this.file = file;
  }

  @Override
  public boolean isValid() {
    return acquiredBy().isOpen() && disk.machine().locked(() -> file.locks().contains(this));
  }

  @Override
  public void release() throws IOException {
    if (!acquiredBy().isOpen()) {
      throw new ClosedChannelException();
    }
    disk.machine().change(() -> file.locks().remove(this));
  }
}
