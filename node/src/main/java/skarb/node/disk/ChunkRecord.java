package skarb.node.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import skarb.node.model.ChunkId;

/// The verified header of a chunk's record, and where the record lies: all that is needed to read
/// any block of the chunk by itself. Immutable; any thread may use it.
///
/// ```java
/// ChunkRecord record = ChunkRecordFormat.read(channel, file, place.position());
/// int block = record.blockOf(firstByte);
/// ByteBuffer bytes = ByteBuffer.allocate(record.blockLength(block));
/// record.readBlock(channel, block, bytes); // verified, or CorruptFileException
/// ```
public final class ChunkRecord {
  private final Path file;
  private final long position;
  private final ChunkId id;
  private final byte codec;
  private final int rawLength;
  private final int storedLength;
  private final int[] blockChecksums;
  private final int headerChecksum;

  ChunkRecord(
      Path file,
      long position,
      ChunkId id,
      byte codec,
      int rawLength,
      int storedLength,
      int[] blockChecksums,
      int headerChecksum) {
    this.file = file;
    this.position = position;
    this.id = id;
    this.codec = codec;
    this.rawLength = rawLength;
    this.storedLength = storedLength;
    this.blockChecksums = blockChecksums;
    this.headerChecksum = headerChecksum;
  }

  /// The file it lies in.
  public Path file() {
    return file;
  }

  /// The first byte of the header, from the start of the file.
  public long position() {
    return position;
  }

  /// The chunk's name.
  public ChunkId id() {
    return id;
  }

  /// How the data is stored: [ChunkRecordFormat#CODEC_RAW].
  public byte codec() {
    return codec;
  }

  /// Bytes of the chunk itself.
  public int rawLength() {
    return rawLength;
  }

  /// Bytes of the data as stored; the same as [#rawLength] for the raw codec.
  public int storedLength() {
    return storedLength;
  }

  /// Bytes of the header.
  public int headerLength() {
    return ChunkRecordFormat.headerLength(blockChecksums.length);
  }

  /// Bytes of header and data.
  public int recordLength() {
    return headerLength() + storedLength;
  }

  /// The first byte after the record, from the start of the file.
  public long end() {
    return position + recordLength();
  }

  /// The CRC-32C of the header, which vouches for the record whole.
  public int headerChecksum() {
    return headerChecksum;
  }

  /// How many blocks the data has.
  public int blockCount() {
    return blockChecksums.length;
  }

  /// The block that holds a byte of the stored data.
  public int blockOf(int offset) {
    if (offset < 0 || offset >= storedLength) {
      throw new IndexOutOfBoundsException(offset + " of " + storedLength + " bytes");
    }
    return offset / ChunkRecordFormat.BLOCK_BYTES;
  }

  /// The first byte of a block, from the start of the file.
  public long blockPosition(int block) {
    checkBlock(block);
    return position + headerLength() + (long) block * ChunkRecordFormat.BLOCK_BYTES;
  }

  /// Bytes of a block: all are [ChunkRecordFormat#BLOCK_BYTES] long but the last.
  public int blockLength(int block) {
    checkBlock(block);
    return Math.min(
        ChunkRecordFormat.BLOCK_BYTES, storedLength - block * ChunkRecordFormat.BLOCK_BYTES);
  }

  /// The CRC-32C of a block, as the header has it.
  public int blockChecksum(int block) {
    checkBlock(block);
    return blockChecksums[block];
  }

  /// Reads a block and verifies it.
  ///
  /// @param target has room for [#blockLength] bytes at least; afterwards these lie between its
  ///   position and its limit
  /// @throws CorruptFileException if the block does not verify or the file ends before it does
  public void readBlock(FileChannel channel, int block, ByteBuffer target) throws IOException {
    target.limit(target.position() + blockLength(block));
    FileReads.readFully(channel, file, blockPosition(block), target);
    verifyBlock(block, target);
  }

  /// Verifies the bytes of a block, wherever they were read.
  ///
  /// @param bytes the block, whole, between position and limit; both stay as they are
  /// @throws CorruptFileException if it does not verify
  public void verifyBlock(int block, ByteBuffer bytes) throws CorruptFileException {
    if (bytes.remaining() != blockLength(block)) {
      throw new CorruptFileException(
          file,
          blockPosition(block),
          "a block of " + blockLength(block) + " bytes",
          bytes.remaining() + " bytes");
    }
    int found = Checksums.crc32c(bytes);
    if (found != blockChecksums[block]) {
      throw new CorruptFileException(
          file,
          blockPosition(block),
          "block "
              + block
              + " of chunk "
              + id
              + " with CRC-32C "
              + Checksums.hex(blockChecksums[block]),
          Checksums.hex(found));
    }
  }

  /// Reads all blocks, one at a time, and verifies them.
  ///
  /// @throws CorruptFileException at the first that does not verify
  public void verifyData(FileChannel channel) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(Math.min(storedLength, ChunkRecordFormat.BLOCK_BYTES));
    for (int block = 0; block < blockCount(); block++) {
      readBlock(channel, block, buffer.clear());
    }
  }

  @Override
  public String toString() {
    return "chunk " + id + ", " + rawLength + " bytes, in " + file + " at " + position;
  }

  private void checkBlock(int block) {
    if (block < 0 || block >= blockChecksums.length) {
      throw new IndexOutOfBoundsException("block " + block + " of " + blockChecksums.length);
    }
  }
}
