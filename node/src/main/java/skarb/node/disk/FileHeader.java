package skarb.node.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HexFormat;
import skarb.node.model.StoreId;

/// What every numbered file of a store begins with: what it is, whose it is, which one it is.
/// Numbers are big-endian.
///
/// ```
///   0        8         10       12      16       24         40        48           56     60
///   +--------+---------+--------+-------+--------+----------+---------+------------+------+--------+
///   | magic  | version | length | flags | number | store id | created | generation | 0    | CRC-32C|
///   |        |         | = 64   | = 0   |        | 16 bytes | millis  |            |      |        |
///   +--------+---------+--------+-------+--------+----------+---------+------------+------+--------+
/// ```
///
/// The CRC covers the 60 bytes before it. Magic, version and length stay where they are in every
/// version, and the last 4 bytes of the length are the CRC: a version is believed only once the CRC
/// verified. The journal pads its header with zeroes to 4,096 bytes.
///
/// Worked example, journal file 1 of store 000…001 made at 1970-01-01T00:00:00.002Z, generation 3:
///
/// ```
/// 536b6172624a726e 0001 0040 00000000 0000000000000001
/// 0000000000000000 0000000000000001 0000000000000002
/// 0000000000000003 00000000 0ffc66cf
/// ```
///
/// @param kind what it is
/// @param version the version of the kind's format
/// @param number which one it is; its name says the same
/// @param store whose it is
/// @param createdMillis when it was made, by the wall clock; for people only
/// @param generation random bits that this life of the file does not share with any other
public record FileHeader(
    FileKind kind, int version, long number, StoreId store, long createdMillis, long generation) {
  /// Bytes of a header.
  public static final int BYTES = 64;

  private static final int OFFSET_VERSION = 8;
  private static final int OFFSET_LENGTH = 10;
  private static final int OFFSET_CRC = BYTES - Integer.BYTES;

  /// Its bytes.
  ///
  /// @param paddedLength bytes of the buffer, zeroes after the header; at least [#BYTES]
  public ByteBuffer encode(int paddedLength) {
    ByteBuffer bytes = ByteBuffer.allocate(paddedLength);
    bytes.putLong(kind.magic()).putShort((short) version).putShort((short) BYTES).putInt(0);
    bytes.putLong(number);
    store.writeTo(bytes);
    bytes.putLong(createdMillis).putLong(generation).putInt(0);
    bytes.putInt(Checksums.crc32c(bytes.duplicate().flip()));
    return bytes.clear();
  }

  /// Reads the header of a file, and verifies it.
  ///
  /// @param oldest the oldest version of the kind's format that the caller reads
  /// @param newest the newest
  /// @throws CorruptFileException if it does not verify or is of another kind
  public static FileHeader read(
      FileChannel channel, Path file, FileKind kind, int oldest, int newest) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(BYTES);
    FileReads.readFully(channel, file, 0, bytes);
    return decode(bytes, file, kind, oldest, newest);
  }

  /// Decodes a header, and verifies it.
  ///
  /// @param bytes [#BYTES] of them, from its position
  /// @throws CorruptFileException if it does not verify or is of another kind
  public static FileHeader decode(
      ByteBuffer bytes, Path file, FileKind kind, int oldest, int newest)
      throws CorruptFileException, FormatTooOldException, FormatTooNewException {
    ByteBuffer header = bytes.slice(bytes.position(), BYTES);
    if (header.getLong(0) != kind.magic()) {
      throw new CorruptFileException(
          file, 0, "the magic of a " + kind + " file " + hex(kind.magic()), hex(header.getLong(0)));
    }
    int length = Short.toUnsignedInt(header.getShort(OFFSET_LENGTH));
    if (length != BYTES) {
      throw new CorruptFileException(file, OFFSET_LENGTH, "a header's length of 64", "" + length);
    }
    int expected = header.getInt(OFFSET_CRC);
    int found = Checksums.crc32c(header.slice(0, OFFSET_CRC));
    if (expected != found) {
      throw new CorruptFileException(
          file, 0, "a file's header with CRC-32C " + Checksums.hex(expected), Checksums.hex(found));
    }
    int version = Short.toUnsignedInt(header.getShort(OFFSET_VERSION));
    FormatVersions.check(file, 0, version, oldest, newest);
    header.position(16);
    return new FileHeader(
        kind,
        version,
        header.getLong(),
        StoreId.readFrom(header),
        header.getLong(),
        header.getLong());
  }

  /// Checks that the file is the one that its name says, of the store that is being opened.
  ///
  /// @throws CorruptFileException if it strayed in or was renamed
  public void mustBe(Path file, long expectedNumber, StoreId expectedStore)
      throws CorruptFileException {
    if (!store.equals(expectedStore)) {
      throw new CorruptFileException(
          file, 24, "a file of this store, " + expectedStore, "one of store " + store);
    }
    if (number != expectedNumber) {
      throw new CorruptFileException(
          file, 16, "file number " + expectedNumber + " as its name says", "number " + number);
    }
  }

  private static String hex(long value) {
    return HexFormat.of().toHexDigits(value);
  }
}
