package skarb.node.index;

import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.mapdb.DBException;
import org.mapdb.DataInput2;
import org.mapdb.volume.Volume;

/// A file of MapDB's to be read, mapped into memory.
///
/// MapDB's own mapping of a file that is read only cannot be ended: `cleanerHackEnable` fails on
/// it, and the region lives until the garbage collector comes by. This one ends with [#close], and
/// a read after that throws where MapDB's would kill the process. Reads through a channel instead
/// were three to four times slower, and an interrupted reader would close the channel for all.
final class MapDbVolume extends Volume {
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final Arena arena;
  private final MemorySegment bytes;

  private MapDbVolume(Arena arena, MemorySegment bytes) {
    this.arena = arena;
    this.bytes = bytes;
  }

  /// Maps a file. It may be renamed or deleted meanwhile, never cut.
  @SuppressWarnings("MustBeClosedChecker") // the volume closes it
  static MapDbVolume map(Path file) throws IOException {
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return new MapDbVolume(
          arena, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
    } catch (IOException | RuntimeException e) {
      arena.close();
      throw e;
    }
  }

  @Override
  public long getLong(long offset) {
    return bytes.get(LONG, offset);
  }

  @Override
  public int getInt(long offset) {
    return bytes.get(INT, offset);
  }

  @Override
  public byte getByte(long offset) {
    return bytes.get(ValueLayout.JAVA_BYTE, offset);
  }

  @Override
  public DataInput2 getDataInput(long offset, int size) {
    byte[] data = new byte[size];
    getData(offset, data, 0, size);
    return new DataInput2.ByteArray(data);
  }

  @Override
  public void getData(long offset, byte[] target, int targetPosition, int size) {
    MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, offset, target, targetPosition, size);
  }

  @Override
  public long length() {
    return bytes.byteSize();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      arena.close();
    }
  }

  @Override
  public boolean isReadOnly() {
    return true;
  }

  @Override
  public boolean isSliced() {
    return false;
  }

  @Override
  public int sliceSize() {
    return -1;
  }

  @Override
  public @Nullable File getFile() {
    return null;
  }

  @Override
  public boolean getFileLocked() {
    return false; // the data directory's lock holds
  }

  @Override
  public void sync() {}

  @Override
  public void ensureAvailable(long offset) {
    if (offset > bytes.byteSize()) {
      throw readOnly();
    }
  }

  @Override
  public void truncate(long size) {
    throw readOnly();
  }

  @Override
  public void putLong(long offset, long value) {
    throw readOnly();
  }

  @Override
  public void putInt(long offset, int value) {
    throw readOnly();
  }

  @Override
  public void putByte(long offset, byte value) {
    throw readOnly();
  }

  @Override
  public void putData(long offset, byte[] source, int sourcePosition, int size) {
    throw readOnly();
  }

  @Override
  public void putData(long offset, ByteBuffer source) {
    throw readOnly();
  }

  @Override
  public void clear(long start, long end) {
    throw readOnly();
  }

  private static RuntimeException readOnly() {
    return new DBException.VolumeIOError("this file is read only");
  }
}
