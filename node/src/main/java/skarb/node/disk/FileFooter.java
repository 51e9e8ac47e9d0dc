package skarb.node.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;

/// What a closed file ends with: a body that the kind defines (an index of what the file holds),
/// and a trailer through which it is found from the end of the file. Numbers are big-endian.
///
/// ```
///   +------+----------+----------+----------+---------+---------+---------+-----------+
///   | body | number   | body     | CRC-32C  | version | trailer | CRC-32C | end magic |
///   |      | of the   | length   | of the   |         | length  | of the  | of the    |
///   |      | file     |          | body     |         | = 36    | trailer | kind      |
///   +------+----------+----------+----------+---------+---------+---------+-----------+
///        -36        -28        -20        -16       -14       -12        -8           0
/// ```
///
/// The trailer's CRC covers its 24 bytes before the CRC and the 8 of the magic after it. What
/// stands behind the body's CRC stays where it is, counted from the end, in every version.
///
/// A footer is written and forced once, last of all; a file without one was not closed, and its
/// owner scans it. A damaged footer is damage of an index that can be made again: the owner
/// decides.
public final class FileFooter {
  /// Bytes of the trailer.
  public static final int TRAILER_BYTES = 36;

  private static final int OFFSET_LENGTH = 8;
  private static final int OFFSET_BODY_CRC = 16;
  private static final int OFFSET_VERSION = 20;
  private static final int OFFSET_TRAILER_LENGTH = 22;
  private static final int OFFSET_CRC = 24;
  private static final int OFFSET_MAGIC = 28;

  private FileFooter() {}

  /// The trailer that goes behind a body.
  ///
  /// @param number the number of the file
  /// @param version the version of the kind's format
  /// @param body the body; it stays as it is
  public static ByteBuffer trailer(FileKind kind, long number, int version, ByteBuffer body) {
    ByteBuffer trailer = ByteBuffer.allocate(TRAILER_BYTES);
    trailer.putLong(number).putLong(body.remaining()).putInt(Checksums.crc32c(body));
    trailer.putShort((short) version).putShort((short) TRAILER_BYTES);
    trailer.putInt(OFFSET_MAGIC, 0).putLong(OFFSET_MAGIC, kind.endMagic());
    trailer.putInt(OFFSET_CRC, trailerCrc(trailer));
    return trailer.clear();
  }

  /// Finds the body of a file's footer from the end of the file, and verifies it.
  ///
  /// @param number the number that the file should have
  /// @param oldest the oldest version that the caller reads
  /// @param newest the newest
  /// @param maxBodyBytes the longest body that the caller accepts
  /// @return empty if the file does not end with the magic of a footer: it was not closed
  /// @throws CorruptFileException if it ends with the magic but does not verify
  public static Optional<ByteBuffer> read(
      FileChannel channel,
      Path file,
      FileKind kind,
      long number,
      int oldest,
      int newest,
      int maxBodyBytes)
      throws IOException {
    long end = channel.size();
    if (end < TRAILER_BYTES) {
      return Optional.empty();
    }
    long start = end - TRAILER_BYTES;
    ByteBuffer trailer = ByteBuffer.allocate(TRAILER_BYTES);
    FileReads.readFully(channel, file, start, trailer);
    if (trailer.getLong(OFFSET_MAGIC) != kind.endMagic()) {
      return Optional.empty();
    }
    long length = verifyTrailer(trailer, file, start, number, oldest, newest);
    if (length < 0 || length > Math.min(maxBodyBytes, start)) {
      throw new CorruptFileException(
          file,
          start + OFFSET_LENGTH,
          "a footer's length of at most " + Math.min(maxBodyBytes, start),
          "" + length);
    }
    ByteBuffer body = ByteBuffer.allocate((int) length);
    FileReads.readFully(channel, file, start - length, body);
    int expected = trailer.getInt(OFFSET_BODY_CRC);
    int found = Checksums.crc32c(body);
    if (expected != found) {
      throw new CorruptFileException(
          file,
          start - length,
          "a footer with CRC-32C " + Checksums.hex(expected),
          Checksums.hex(found));
    }
    return Optional.of(body);
  }

  private static long verifyTrailer(
      ByteBuffer trailer, Path file, long start, long number, int oldest, int newest)
      throws IOException {
    int length = Short.toUnsignedInt(trailer.getShort(OFFSET_TRAILER_LENGTH));
    int expected = trailer.getInt(OFFSET_CRC);
    int found = trailerCrc(trailer);
    if (length != TRAILER_BYTES || expected != found) {
      throw new CorruptFileException(
          file,
          start,
          "a footer's trailer of 36 bytes with CRC-32C " + Checksums.hex(expected),
          length + " bytes, " + Checksums.hex(found));
    }
    FormatVersions.check(
        file, start, Short.toUnsignedInt(trailer.getShort(OFFSET_VERSION)), oldest, newest);
    if (trailer.getLong(0) != number) {
      throw new CorruptFileException(
          file, start, "the footer of file number " + number, "that of " + trailer.getLong(0));
    }
    return trailer.getLong(OFFSET_LENGTH);
  }

  private static int trailerCrc(ByteBuffer trailer) {
    return Checksums.crc32c(trailer.slice(0, OFFSET_CRC), trailer.slice(OFFSET_MAGIC, Long.BYTES));
  }
}
