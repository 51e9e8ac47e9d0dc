package skarb.node.journal;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import skarb.node.disk.Checksums;
import skarb.node.disk.ChunkRecordFormat;
import skarb.node.disk.CorruptFileException;
import skarb.node.disk.EncodedChunk;
import skarb.node.disk.FormatTooNewException;
import skarb.node.disk.FormatTooOldException;
import skarb.node.disk.FormatVersions;
import skarb.node.model.ChunkId;

/// A file of the journal: `0000000001.journal` and on. Numbers are big-endian.
///
/// ```
///   0             4096                                  a multiple of 4096     size
///   +-------------+---------+---------+-----+-----------+----------------------+--------+
///   | file header | frame   | frame   | ... | frame     | zeroes               | footer |
///   +-------------+---------+---------+-----+-----------+----------------------+--------+
/// ```
///
/// A new file is filled with zeroes to its size and forced before use, since forcing into blocks
/// that exist costs less than half of growing the file. The header is [skarb.node.disk.FileHeader],
/// padded. The footer is written when the file is full; while it is not, it is zeroes like the
/// rest.
///
/// **A frame** is one batch. It begins at a multiple of 4,096, so that a damaged length hides no
/// later frame and no forced page is part of a later write.
///
/// ```
///   0        4         6        8        10    12       16           24      32       36
///   +--------+---------+--------+--------+-----+--------+------------+-------+--------+
///   | "SkJf" | version | header | flags  | 0   | frame  | generation | batch | CRC    |
///   |        | = 1     | = 64   | 1=SEAL |     | bytes  |            |       | before |
///   +--------+---------+--------+--------+-----+--------+------------+-------+--------+
///   36        40             44       48    56              60              64
///   +---------+--------------+--------+-----+---------------+---------------+
///   | records | bytes of all | bodies | 0   | CRC-32C of    | CRC-32C of    |
///   |         | records      |        |     | the contents  | the header    |
///   +---------+--------------+--------+-----+---------------+---------------+
///   64
///   +-----------------------------+-------------------------------------------+------------------+
///   | records: length (4), bytes; | bodies: SHA-256 (32), chunk length (4),   | the bodies, each |
///   | ...                         | record length (4), CRC of its header (4); | at a multiple of |
///   |                             | ...                                       | 8; zeroes to 4096|
///   +-----------------------------+-------------------------------------------+------------------+
/// ```
///
/// - *frame bytes* counts everything, padding included: a multiple of 4,096, at most 16 MiB.
/// - *generation* is that of the file's header, so that a page from another life of the file, or
///   from another file, never verifies.
/// - *batch* is one more than that of the frame before. *CRC before* is the contents' CRC of the
///   frame before, 0 for the first of all: a chain through all files.
/// - The *contents' CRC* covers the header's first 56 bytes, the records and the list of bodies.
///   That list holds the CRC of each body's header, which holds the CRCs of the body's blocks: so
///   it vouches for the bodies, while reading the records for a replay touches none of them.
/// - The *header's CRC* covers the 60 bytes before it. In every version magic, version and header
///   length stay where they are and the header's last 4 bytes are its CRC, so that a version is
///   believed only once it verified.
/// - A body is a chunk's record, [ChunkRecordFormat], to be read by itself.
///
/// A **seal** is a frame without contents that a clean stop writes. It carries the number of the
/// batch before, takes part in the chain, and two never follow each other.
///
/// **The footer** lists what the file holds, so that starting does not scan it:
///
/// ```
///   0                 8            16       20          24          32      36       40
///   +-----------------+------------+--------+-----------+-----------+-------+--------+-------------+
///   | last batch      | last batch | CRC    | CRC of    | end of    | count | flags  | SHA-256 (32)|
///   | before the file | in it      | before | the last  | the last  | of    | 1=last | position (8)|
///   |                 |            |        | frame     | frame     | bodies| frame  | length (4); |
///   |                 |            |        |           |           |       | = SEAL | ...         |
///   +-----------------+------------+--------+-----------+-----------+-------+--------+-------------+
/// ```
///
/// then the trailer of [skarb.node.disk.FileFooter], which ends the file. Room for it is kept from
/// the start: the file never grows once it is in use.
///
/// Worked example, batch 1 with the record `hi` in a file of generation 3 (then zeroes up to
/// 4,096):
///
/// ```
/// 536b4a66 0001 0040 0000 0000 00001000 0000000000000003 0000000000000001 00000000
/// 00000001 00000006 00000000 0000000000000000 cf39be68 07cc73f9
/// 00000002 6869
/// ```
///
/// Version 1: the first.
final class JournalFormat {
  static final int VERSION = 1;

  /// Frames begin at its multiples; the file's header takes the first.
  static final int PAGE_BYTES = 4096;

  /// The longest frame, padding included.
  static final int MAX_FRAME_BYTES = 16 << 20;

  /// The longest body of a footer: a file's frames with nothing but the smallest bodies in them.
  static final int MAX_FOOTER_BYTES = 1 << 30;

  static final int FRAME_HEADER_BYTES = 64;
  static final int MAGIC = 0x536b4a66; // SkJf

  private static final int FLAG_SEAL = 1;
  private static final int BODY_ENTRY_BYTES = 44;
  private static final int BODY_ALIGNMENT = 8;
  private static final int OFFSET_VERSION = 4;
  private static final int OFFSET_HEADER_LENGTH = 6;
  private static final int OFFSET_CONTENTS_CRC = 56;
  private static final int OFFSET_HEADER_CRC = 60;

  private JournalFormat() {}

  /// Bytes of the frame that these make, padding included.
  ///
  /// @throws IllegalArgumentException above [#MAX_FRAME_BYTES]
  static int frameBytes(List<ByteString> records, List<EncodedChunk> bodies) {
    long bytes = FRAME_HEADER_BYTES + (long) BODY_ENTRY_BYTES * bodies.size();
    for (ByteString record : records) {
      bytes += Integer.BYTES + record.size();
    }
    for (EncodedChunk body : bodies) {
      bytes = align(bytes, BODY_ALIGNMENT) + body.recordLength();
    }
    bytes = align(bytes, PAGE_BYTES);
    if (bytes > MAX_FRAME_BYTES) {
      throw new IllegalArgumentException(
          "a batch of " + bytes + " bytes is above the limit of " + MAX_FRAME_BYTES);
    }
    return (int) bytes;
  }

  /// Lays out a frame. The bodies are not copied.
  ///
  /// @param generation of the file that it goes into
  /// @param batch its number; for a seal that of the batch before
  /// @param before the contents' CRC of the frame before
  static EncodedFrame encode(
      long generation,
      long batch,
      int before,
      boolean seal,
      List<ByteString> records,
      List<EncodedChunk> bodies) {
    int frameBytes = frameBytes(records, bodies);
    int recordBytes = 0;
    for (ByteString record : records) {
      recordBytes += Integer.BYTES + record.size();
    }
    int headBytes = FRAME_HEADER_BYTES + recordBytes + BODY_ENTRY_BYTES * bodies.size();
    ByteBuffer head = ByteBuffer.allocate(headBytes);
    head.putInt(MAGIC).putShort((short) VERSION).putShort((short) FRAME_HEADER_BYTES);
    head.putShort((short) (seal ? FLAG_SEAL : 0)).putShort((short) 0).putInt(frameBytes);
    head.putLong(generation).putLong(batch).putInt(before);
    head.putInt(records.size()).putInt(recordBytes).putInt(bodies.size()).putLong(0);
    head.position(FRAME_HEADER_BYTES);
    for (ByteString record : records) {
      head.putInt(record.size());
      record.copyTo(head);
    }
    List<ByteBuffer> buffers = new ArrayList<>();
    List<Integer> offsets = new ArrayList<>(bodies.size());
    buffers.add(head);
    int end = headBytes;
    for (EncodedChunk body : bodies) {
      head.put(body.id().toBytes()).putInt(body.chunkLength()).putInt(body.recordLength());
      head.putInt(ChunkRecordFormat.headerChecksum(body));
      int start = (int) align(end, BODY_ALIGNMENT);
      addZeroes(buffers, start - end);
      buffers.addAll(body.buffers());
      offsets.add(start);
      end = start + body.recordLength();
    }
    addZeroes(buffers, frameBytes - end);
    head.flip();
    int contentsCrc = contentsCrc(head);
    head.putInt(OFFSET_CONTENTS_CRC, contentsCrc);
    head.putInt(OFFSET_HEADER_CRC, Checksums.crc32c(head.slice(0, OFFSET_HEADER_CRC)));
    return new EncodedFrame(buffers, frameBytes, contentsCrc, offsets);
  }

  private static void addZeroes(List<ByteBuffer> buffers, int count) {
    if (count > 0) {
      buffers.add(ByteBuffer.allocate(count));
    }
  }

  /// Decodes the header of a frame, and verifies it.
  ///
  /// @param bytes begins with it; position and limit stay as they are
  /// @param position of the frame in the file
  /// @throws CorruptFileException if it does not verify. That the frame is of this file's
  ///   generation is not looked at
  static FrameHeader decodeHeader(ByteBuffer bytes, Path file, long position)
      throws CorruptFileException, FormatTooOldException, FormatTooNewException {
    ByteBuffer header = bytes.slice(bytes.position(), FRAME_HEADER_BYTES);
    if (header.getInt(0) != MAGIC) {
      throw new CorruptFileException(
          file,
          position,
          "the magic of a frame " + Checksums.hex(MAGIC),
          Checksums.hex(header.getInt(0)));
    }
    int length = Short.toUnsignedInt(header.getShort(OFFSET_HEADER_LENGTH));
    int expected = header.getInt(OFFSET_HEADER_CRC);
    int found = Checksums.crc32c(header.slice(0, OFFSET_HEADER_CRC));
    if (length != FRAME_HEADER_BYTES || expected != found) {
      throw new CorruptFileException(
          file,
          position,
          "a frame's header of 64 bytes with CRC-32C " + Checksums.hex(expected),
          length + " bytes, " + Checksums.hex(found));
    }
    int version = Short.toUnsignedInt(header.getShort(OFFSET_VERSION));
    FormatVersions.check(file, position, version, VERSION, VERSION);
    FrameHeader decoded =
        new FrameHeader(
            header.getShort(8) == FLAG_SEAL,
            header.getInt(12),
            header.getLong(16),
            header.getLong(24),
            header.getInt(32),
            header.getInt(36),
            header.getInt(40),
            header.getInt(44),
            header.getInt(OFFSET_CONTENTS_CRC));
    boolean flagsKnown = (header.getShort(8) & ~FLAG_SEAL) == 0 && header.getShort(10) == 0;
    if (!flagsKnown || header.getLong(48) != 0 || !decoded.isPlausible()) {
      throw new CorruptFileException(file, position, "a frame of version 1", decoded.toString());
    }
    return decoded;
  }

  /// Decodes what follows a frame's header, and verifies it against the header. The bodies' bytes
  /// are not looked at.
  ///
  /// @param head the header, the records and the list of bodies
  static Frame decodeContents(FrameHeader header, ByteBuffer head, Path file, long position)
      throws CorruptFileException {
    int found = contentsCrc(head);
    if (found != header.contentsCrc()) {
      throw new CorruptFileException(
          file,
          position,
          "batch " + header.batch() + " with CRC-32C " + Checksums.hex(header.contentsCrc()),
          Checksums.hex(found));
    }
    ByteBuffer contents = head.slice(FRAME_HEADER_BYTES, header.headBytes() - FRAME_HEADER_BYTES);
    List<ByteString> records = new ArrayList<>(header.records());
    int recordsEnd = header.recordBytes();
    for (int i = 0; i < header.records(); i++) {
      int length = recordsEnd - contents.position() < Integer.BYTES ? -1 : contents.getInt();
      if (length < 0 || length > recordsEnd - contents.position()) {
        throw implausible(header, file, position, "record " + i + " of " + length + " bytes");
      }
      records.add(ByteString.copyFrom(contents, length));
    }
    if (contents.position() != recordsEnd) {
      throw implausible(header, file, position, "records that end at " + contents.position());
    }
    List<Frame.Body> bodies = new ArrayList<>(header.bodies());
    long end = header.headBytes();
    for (int i = 0; i < header.bodies(); i++) {
      ChunkId id = ChunkId.readFrom(contents);
      int chunkLength = contents.getInt();
      int recordLength = contents.getInt();
      long start = align(end, BODY_ALIGNMENT);
      end = start + recordLength;
      if (chunkLength < 0 || recordLength < 0 || end > header.frameBytes()) {
        throw implausible(header, file, position, "body " + i + " that ends at " + end);
      }
      bodies.add(
          new Frame.Body(id, position + start, chunkLength, recordLength, contents.getInt()));
    }
    if (align(end, PAGE_BYTES) != header.frameBytes()) {
      throw implausible(header, file, position, "bodies that end at " + end);
    }
    return new Frame(position, header, records, bodies);
  }

  private static CorruptFileException implausible(
      FrameHeader header, Path file, long position, String found) {
    return new CorruptFileException(file, position, "whole contents of " + header, found);
  }

  private static int contentsCrc(ByteBuffer head) {
    return Checksums.crc32c(
        head.slice(0, OFFSET_CONTENTS_CRC),
        head.slice(FRAME_HEADER_BYTES, head.limit() - FRAME_HEADER_BYTES));
  }

  static long align(long offset, int multiple) {
    return (offset + multiple - 1) / multiple * multiple;
  }

  /// A frame ready for one gathering write.
  ///
  /// @param buffers its bytes, padding included
  /// @param frameBytes how many
  /// @param contentsCrc what the next frame names as the CRC before
  /// @param bodyOffsets where each body's record begins, from the start of the frame
  record EncodedFrame(
      List<ByteBuffer> buffers, int frameBytes, int contentsCrc, List<Integer> bodyOffsets) {}

  /// A frame's header that verified.
  ///
  /// @param frameBytes padding included
  /// @param batch for a seal the number of the batch before
  /// @param before the contents' CRC of the frame before
  /// @param records how many
  /// @param recordBytes of all records with their lengths
  /// @param bodies how many
  record FrameHeader(
      boolean seal,
      int frameBytes,
      long generation,
      long batch,
      int before,
      int records,
      int recordBytes,
      int bodies,
      int contentsCrc) {

    /// The number of the last batch before this frame.
    long lastBefore() {
      return seal ? batch : batch - 1;
    }

    /// Bytes of header, records and list of bodies: what the contents' CRC covers.
    int headBytes() {
      return FRAME_HEADER_BYTES + recordBytes + BODY_ENTRY_BYTES * bodies;
    }

    private boolean isPlausible() {
      return frameBytes >= PAGE_BYTES
          && frameBytes <= MAX_FRAME_BYTES
          && frameBytes % PAGE_BYTES == 0
          && records >= 0
          && recordBytes >= 0
          && recordBytes <= frameBytes
          && records <= recordBytes / Integer.BYTES
          && bodies >= 0
          && bodies <= frameBytes / BODY_ENTRY_BYTES
          && headBytes() <= frameBytes
          && batch >= (seal ? 0 : 1)
          && (!seal || (records == 0 && bodies == 0));
    }
  }

  /// A frame whose header, records and list of bodies verified.
  ///
  /// @param position of its first byte, from the start of the file
  record Frame(long position, FrameHeader header, List<ByteString> records, List<Body> bodies) {
    /// The first byte after it, from the start of the file.
    long end() {
      return position + header.frameBytes();
    }

    /// A body in a frame.
    ///
    /// @param position of its record, from the start of the file
    /// @param chunkLength bytes of the chunk
    /// @param recordLength bytes of the record
    /// @param headerCrc the CRC of the record's header
    record Body(ChunkId id, long position, int chunkLength, int recordLength, int headerCrc) {}
  }
}
