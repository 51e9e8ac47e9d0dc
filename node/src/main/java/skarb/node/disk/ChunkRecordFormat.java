package skarb.node.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import skarb.node.model.ChunkId;

/// A chunk as it lies on disk, in segments and in frames of the journal alike, so that a small body
/// can move from one to the other as it is. Numbers are big-endian.
///
/// ```
///   0        4         6         8       10      11      12       16       20       24
///   +--------+---------+---------+-------+-------+-------+--------+--------+--------+
///   | "SkCk" | version | header  | flags | codec | 0     | stored | raw    | blocks |
///   |        | = 1     | length  | = 0   |       |       | length | length | n      |
///   +--------+---------+---------+-------+-------+-------+--------+--------+--------+
///   24                       56                          56 + 4n       60 + 4n
///   +------------------------+---------------------------+-------------+---------------+
///   | SHA-256 of the chunk   | CRC-32C of each block     | CRC-32C of  | data, stored  |
///   | (before the codec)     | of 256 KiB of the data    | the header  | length bytes  |
///   +------------------------+---------------------------+-------------+---------------+
/// ```
///
/// The header's CRC covers every byte before it, the blocks' CRCs included, so that a record is
/// vouched for whole by 4 bytes, while any block can be read and verified without the others. Each
/// block but the last has 256 KiB. In every version the magic, the version and the header's length
/// stay where they are, and the header's last 4 bytes are its CRC: a version is believed only once
/// the CRC verified, so a flipped bit is never taken for a newer release.
///
/// Codecs: 0 is the data as it is. A chunk has 1 byte to 4 MiB.
///
/// Worked example, the chunk `skarb` (5 bytes, one block, a header of 64):
///
/// ```
/// 536b436b 0001 0040 0000 00 00 00000005 00000005 00000001
/// 3897ce26…8087c                    its SHA-256, 32 bytes
/// ddfe3717                           CRC-32C of the block
/// a80548d6                           CRC-32C of the 60 bytes above
/// 736b617262                         skarb
/// ```
///
/// Version 1: the first.
public final class ChunkRecordFormat {
  /// The most bytes a chunk has.
  public static final int MAX_CHUNK_BYTES = 4 << 20;

  /// Bytes that have a checksum together, and are read together.
  public static final int BLOCK_BYTES = 256 << 10;

  /// The data as it is.
  public static final byte CODEC_RAW = 0;

  /// Bytes of a header up to its blocks' checksums. Enough to learn its length.
  public static final int FIXED_HEADER_BYTES = 56;

  /// Bytes of the longest header.
  public static final int MAX_HEADER_BYTES = headerLength(MAX_CHUNK_BYTES / BLOCK_BYTES);

  static final int MAGIC = 0x536b436b; // SkCk
  static final short VERSION = 1;

  private static final int OFFSET_VERSION = 4;
  private static final int OFFSET_HEADER_LENGTH = 6;

  private ChunkRecordFormat() {}

  /// Bytes of a header with that many blocks.
  static int headerLength(int blocks) {
    return FIXED_HEADER_BYTES + Integer.BYTES * blocks + Integer.BYTES;
  }

  /// Bytes of the record of a raw chunk.
  ///
  /// @param length bytes of the chunk
  public static int recordLength(int length) {
    return headerLength(blocks(length)) + length;
  }

  /// Lays out a chunk. The data is not copied: it must stay as it is until it was written.
  ///
  /// @param id its name; the caller has computed it from the data
  /// @param data its bytes in order, between position and limit of each buffer
  /// @throws IllegalArgumentException if there is no byte, or more than [#MAX_CHUNK_BYTES]
  public static EncodedChunk encode(ChunkId id, List<ByteBuffer> data) {
    long length = 0;
    for (ByteBuffer part : data) {
      length += part.remaining();
    }
    if (length < 1 || length > MAX_CHUNK_BYTES) {
      throw new IllegalArgumentException("a chunk has 1 byte to 4 MiB, not " + length);
    }
    int blocks = blocks((int) length);
    ByteBuffer header = ByteBuffer.allocate(headerLength(blocks));
    header.putInt(MAGIC).putShort(VERSION).putShort((short) header.capacity());
    header.putShort((short) 0).put(CODEC_RAW).put((byte) 0);
    header.putInt((int) length).putInt((int) length).putInt(blocks);
    header.put(id.toBytes());

    List<ByteBuffer> buffers = new ArrayList<>(data.size() + 1);
    buffers.add(header);
    putBlockChecksums(header, data, buffers);
    header.putInt(Checksums.crc32c(header.duplicate().flip()));
    header.flip();
    return new EncodedChunk(id, (int) length, buffers, header.capacity() + (int) length);
  }

  private static void putBlockChecksums(
      ByteBuffer header, List<ByteBuffer> data, List<ByteBuffer> buffers) {
    CRC32C crc = new CRC32C();
    int room = BLOCK_BYTES;
    for (ByteBuffer part : data) {
      if (!part.hasRemaining()) {
        continue;
      }
      buffers.add(part.slice());
      ByteBuffer rest = part.slice();
      while (rest.hasRemaining()) {
        int step = Math.min(room, rest.remaining());
        crc.update(rest.slice(rest.position(), step));
        rest.position(rest.position() + step);
        room -= step;
        if (room == 0) {
          header.putInt((int) crc.getValue());
          crc.reset();
          room = BLOCK_BYTES;
        }
      }
    }
    if (room < BLOCK_BYTES) {
      header.putInt((int) crc.getValue());
    }
  }

  /// The CRC of the header of a record that was encoded here: it vouches for the record whole.
  public static int headerChecksum(EncodedChunk chunk) {
    ByteBuffer header = chunk.buffers().getFirst().slice();
    return header.getInt(
        Short.toUnsignedInt(header.getShort(OFFSET_HEADER_LENGTH)) - Integer.BYTES);
  }

  /// Reads the header of a record, and verifies it.
  ///
  /// @param position its first byte, from the start of the file
  /// @throws CorruptFileException if it does not verify, or the file ends within the header.
  ///   Whether the data is there is not looked at
  /// @throws FormatTooNewException if a later release wrote it
  public static ChunkRecord read(FileChannel channel, Path file, long position) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(MAX_HEADER_BYTES);
    FileReads.readUpTo(channel, position, buffer);
    return decode(buffer, file, position);
  }

  /// Decodes the header of a record, and verifies it.
  ///
  /// @param source begins with the header; [#MAX_HEADER_BYTES], or all that there is, suffice. Its
  ///   position and limit stay as they are
  /// @param position where the record lies, from the start of the file
  /// @throws CorruptFileException if it does not verify, or does not lie in the buffer whole
  /// @throws FormatTooNewException if a later release wrote it
  public static ChunkRecord decode(ByteBuffer source, Path file, long position)
      throws CorruptFileException, FormatTooNewException, FormatTooOldException {
    ByteBuffer header = source.slice();
    if (header.remaining() < FIXED_HEADER_BYTES) {
      throw new CorruptFileException(
          file, position, "the header of a chunk", header.remaining() + " bytes");
    }
    if (header.getInt(0) != MAGIC) {
      throw new CorruptFileException(
          file,
          position,
          "a chunk's magic " + Checksums.hex(MAGIC),
          Checksums.hex(header.getInt(0)));
    }
    int headerLength = Short.toUnsignedInt(header.getShort(OFFSET_HEADER_LENGTH));
    if (headerLength < headerLength(1) || headerLength > header.remaining()) {
      throw new CorruptFileException(
          file,
          position + OFFSET_HEADER_LENGTH,
          "a header's length of " + headerLength(1) + " to " + header.remaining(),
          String.valueOf(headerLength));
    }
    int expected = header.getInt(headerLength - Integer.BYTES);
    int found = Checksums.crc32c(header.slice(0, headerLength - Integer.BYTES));
    if (expected != found) {
      throw new CorruptFileException(
          file,
          position,
          "a chunk's header with CRC-32C " + Checksums.hex(expected),
          Checksums.hex(found));
    }
    FormatVersions.check(file, position, header.getShort(OFFSET_VERSION), VERSION, VERSION);
    return fields(header.position(8), headerLength, file, position);
  }

  private static ChunkRecord fields(ByteBuffer header, int headerLength, Path file, long position)
      throws CorruptFileException {
    int flags = header.getShort();
    byte codec = header.get();
    int reserved = header.get();
    int storedLength = header.getInt();
    int rawLength = header.getInt();
    int blocks = header.getInt();
    boolean valid =
        flags == 0
            && codec == CODEC_RAW
            && reserved == 0
            && rawLength >= 1
            && rawLength <= MAX_CHUNK_BYTES
            && storedLength == rawLength
            && blocks == blocks(storedLength)
            && headerLength == headerLength(blocks);
    if (!valid) {
      throw new CorruptFileException(
          file,
          position,
          "a chunk's header of version 1",
          "flags %d, codec %d, stored %d, raw %d, blocks %d, header %d"
              .formatted(flags, codec, storedLength, rawLength, blocks, headerLength));
    }
    ChunkId id = ChunkId.readFrom(header);
    int[] checksums = new int[blocks];
    for (int block = 0; block < blocks; block++) {
      checksums[block] = header.getInt();
    }
    return new ChunkRecord(
        file, position, id, codec, rawLength, storedLength, checksums, header.getInt());
  }

  private static int blocks(int storedLength) {
    return (storedLength + BLOCK_BYTES - 1) / BLOCK_BYTES;
  }
}
