package skarb.node.index;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.zip.CRC32C;
import skarb.node.disk.Checksums;
import skarb.node.disk.CorruptFileException;
import skarb.node.disk.DirectorySync;
import skarb.node.disk.DurableFile;
import skarb.node.disk.FileReads;
import skarb.node.disk.FormatVersions;
import skarb.node.model.StoreId;

/// Vouches for a data file: it was finished and forced, holds the rows of all batches up to one,
/// and has these very bytes. Numbers are big-endian.
///
/// ```
///   0        8         10       12       16         32      40     48       80        88
///   +--------+---------+--------+--------+----------+-------+------+--------+---------+---
///   | magic  | version | length | layout | store id | batch | rows | digest | payload |
///   |        | = 1     | = 104  | = 2    | 16 bytes |       |      |32 bytes| bytes   |
///   +--------+---------+--------+--------+----------+-------+------+--------+---------+---
///   88            96           100       104
///   +-------------+------------+----------+
///   | data file's | data file's| CRC-32C  |
///   | length      | CRC-32C    |          |
///   +-------------+------------+----------+
/// ```
///
/// The last CRC covers all before it. The layout is that of the rows inside ([IndexKeys],
/// `row.proto`): another one makes the index anew. 2: kept conflicts have a list, heads of origins
/// the highest stamp that acts. Payload bytes are those of all keys and values, against which a
/// file is judged to have grown too far.
///
/// A marker is removed, durably, before its file is dirtied, and is written only after the file was
/// forced: under another name, forced, renamed, the directory forced.
///
/// @param store whose it is
/// @param state the batch, rows and digest
/// @param payloadBytes bytes of all keys and values
/// @param fileLength bytes of the data file
/// @param fileCrc CRC-32C over all of them
record MapDbMarker(
    StoreId store, IndexState state, long payloadBytes, long fileLength, int fileCrc) {
  /// Bytes of a marker.
  static final int BYTES = 104;

  private static final long MAGIC =
      ByteBuffer.wrap("SkarbIdx".getBytes(StandardCharsets.US_ASCII)).getLong();
  private static final int VERSION = 1;
  private static final int LAYOUT = 2;
  private static final int OFFSET_LENGTH = 10;
  private static final int OFFSET_LAYOUT = 12;
  private static final int OFFSET_CRC = BYTES - Integer.BYTES;
  private static final int READ_BYTES = 1 << 20;

  ByteBuffer encode() {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES);
    bytes.putLong(MAGIC).putShort((short) VERSION).putShort((short) BYTES).putInt(LAYOUT);
    store.writeTo(bytes);
    bytes.putLong(state.batch()).putLong(state.rowCount());
    StateDigest digest = state.digest();
    bytes.putLong(digest.lane0()).putLong(digest.lane1());
    bytes.putLong(digest.lane2()).putLong(digest.lane3());
    bytes.putLong(payloadBytes).putLong(fileLength).putInt(fileCrc);
    bytes.putInt(Checksums.crc32c(bytes.duplicate().flip()));
    return bytes.flip();
  }

  /// @throws CorruptFileException if it does not verify
  static MapDbMarker decode(ByteBuffer bytes, Path file) throws IOException {
    if (bytes.remaining() != BYTES || bytes.getLong(0) != MAGIC) {
      throw new CorruptFileException(file, 0, "a marker", bytes.remaining() + " other bytes");
    }
    int expected = bytes.getInt(OFFSET_CRC);
    int found = Checksums.crc32c(bytes.slice(0, OFFSET_CRC));
    if (expected != found) {
      throw new CorruptFileException(
          file, 0, "a marker with CRC-32C " + Checksums.hex(expected), Checksums.hex(found));
    }
    FormatVersions.check(file, 0, bytes.getShort(8), VERSION, VERSION);
    if (bytes.getShort(OFFSET_LENGTH) != BYTES || bytes.getInt(OFFSET_LAYOUT) != LAYOUT) {
      throw new CorruptFileException(
          file, OFFSET_LAYOUT, "rows in layout " + LAYOUT, "layout " + bytes.getInt(OFFSET_LAYOUT));
    }
    ByteBuffer fields = bytes.slice(OFFSET_LAYOUT + Integer.BYTES, BYTES - 16);
    return new MapDbMarker(
        StoreId.readFrom(fields),
        new IndexState(
            fields.getLong(),
            fields.getLong(),
            new StateDigest(
                fields.getLong(), fields.getLong(), fields.getLong(), fields.getLong())),
        fields.getLong(),
        fields.getLong(),
        fields.getInt());
  }

  /// For a data file that was closed and forced.
  static MapDbMarker of(StoreId store, IndexState state, long payloadBytes, Path data)
      throws IOException {
    try (FileChannel channel = FileChannel.open(data, StandardOpenOption.READ)) {
      return new MapDbMarker(store, state, payloadBytes, channel.size(), crc(channel));
    }
  }

  /// Reads a marker.
  ///
  /// @throws CorruptFileException if it does not verify or is another store's
  static MapDbMarker read(Path file, StoreId store) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES + 1);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      FileReads.readUpTo(channel, 0, bytes);
    }
    MapDbMarker marker = decode(bytes, file);
    if (!marker.store.equals(store)) {
      throw new CorruptFileException(file, 16, "a file of this store", "one of " + marker.store);
    }
    return marker;
  }

  /// Checks that a data file has these very bytes: reads all of it.
  ///
  /// @throws CorruptFileException if it has not
  void verify(Path data) throws IOException {
    try (FileChannel channel = FileChannel.open(data, StandardOpenOption.READ)) {
      if (channel.size() != fileLength) {
        throw new CorruptFileException(data, 0, fileLength + " bytes", channel.size() + "");
      }
      int found = crc(channel);
      if (found != fileCrc) {
        throw new CorruptFileException(
            data, 0, "a file with CRC-32C " + Checksums.hex(fileCrc), Checksums.hex(found));
      }
    }
  }

  /// Writes it under another name and forces it.
  void prepare(Path file) throws IOException {
    Path temporary = temporary(file);
    Files.deleteIfExists(temporary);
    try (DurableFile out = DurableFile.create(temporary)) {
      out.append(List.of(encode()));
      out.force();
    }
  }

  /// Gives it its name, durably.
  static void publish(Path file) throws IOException {
    Files.move(
        temporary(file), file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    DirectorySync.force(directory(file));
  }

  /// Takes a marker away, durably.
  static void remove(Path file) throws IOException {
    Files.deleteIfExists(file);
    Files.deleteIfExists(temporary(file));
    DirectorySync.force(directory(file));
  }

  private static Path temporary(Path file) {
    return file.resolveSibling(file.getFileName() + ".new");
  }

  private static Path directory(Path file) {
    Path parent = file.getParent();
    if (parent == null) {
      throw new IllegalArgumentException("not within a folder: " + file);
    }
    return parent;
  }

  @SuppressWarnings(
      "ThreadPriorityCheck") // a virtual thread runs until it blocks: let others go on
  private static int crc(FileChannel channel) throws IOException {
    CRC32C crc = new CRC32C();
    ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);
    for (long position = 0; ; position += buffer.limit()) {
      buffer.clear();
      if (FileReads.readUpTo(channel, position, buffer) == 0) {
        return (int) crc.getValue();
      }
      crc.update(buffer.duplicate());
      Thread.yield();
    }
  }
}
