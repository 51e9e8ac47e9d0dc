package skarb.node.segment;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import skarb.node.disk.Checksums;
import skarb.node.disk.ChunkRecord;
import skarb.node.disk.ChunkRecordFormat;
import skarb.node.disk.CorruptFileException;
import skarb.node.disk.FileReads;
import skarb.node.disk.ReadChannels;
import skarb.node.model.ChunkId;

/// Reads chunks by plain positional reads into fresh arrays, which become the frames: no copy. Each
/// block is verified before any byte of it is handed on. Threads: any.
///
/// No mapped files: an unreadable page of one kills the JVM, and nobody could say when a mapping
/// that was handed on by reference may go.
final class SegmentReader {
  private final ReadChannels channels;

  SegmentReader(ReadChannels channels) {
    this.channels = channels;
  }

  /// Reads a range of a chunk.
  ///
  /// @param position where its record lies in the file
  /// @param chunkLength bytes of the chunk, as the table has it
  /// @param offset the first byte wanted; offset and length lie within the chunk
  void read(
      Path file, long position, ChunkId id, int chunkLength, int offset, int length, FrameSink sink)
      throws IOException {
    if (length == 0) {
      return;
    }
    if (chunkLength <= ChunkRecordFormat.BLOCK_BYTES) {
      readSmall(file, position, id, chunkLength, offset, length, sink);
      return;
    }
    ChunkRecord record =
        channels.with(file, channel -> ChunkRecordFormat.read(channel, file, position));
    check(record, id, chunkLength);
    int end = offset + length;
    for (int block = record.blockOf(offset); block <= record.blockOf(end - 1); block++) {
      int number = block;
      ByteBuffer bytes = channels.with(file, channel -> readBlock(channel, record, number));
      int blockStart = block * ChunkRecordFormat.BLOCK_BYTES;
      int from = Math.max(offset - blockStart, 0);
      int to = Math.min(end - blockStart, bytes.remaining());
      deliver(record, block, bytes, from, to, sink);
    }
  }

  /// Header and the only block by one read.
  private void readSmall(
      Path file, long position, ChunkId id, int chunkLength, int offset, int length, FrameSink sink)
      throws IOException {
    ByteBuffer bytes =
        channels.with(
            file,
            channel -> {
              ByteBuffer target = ByteBuffer.allocate(ChunkRecordFormat.recordLength(chunkLength));
              FileReads.readUpTo(channel, position, target);
              return target;
            });
    ChunkRecord record = ChunkRecordFormat.decode(bytes, file, position);
    check(record, id, chunkLength);
    bytes.position(record.headerLength());
    record.verifyBlock(0, bytes);
    deliver(record, 0, bytes, offset, offset + length, sink);
  }

  private static ByteBuffer readBlock(FileChannel channel, ChunkRecord record, int block)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(record.blockLength(block));
    record.readBlock(channel, block, bytes);
    return bytes;
  }

  /// @param bytes the block, verified, between position and limit of an array that is nobody else's
  private static void deliver(
      ChunkRecord record, int block, ByteBuffer bytes, int from, int to, FrameSink sink) {
    boolean whole = from == 0 && to == bytes.remaining();
    ByteString content =
        UnsafeByteOperations.unsafeWrap(
            bytes.array(), bytes.arrayOffset() + bytes.position() + from, to - from);
    int crc32c =
        whole
            ? record.blockChecksum(block)
            : Checksums.crc32c(bytes.slice(bytes.position() + from, to - from));
    sink.frame(content, crc32c);
  }

  private static void check(ChunkRecord record, ChunkId id, int length)
      throws CorruptFileException {
    if (!record.id().equals(id) || record.rawLength() != length) {
      throw new CorruptFileException(
          record.file(),
          record.position(),
          "chunk " + id + " of " + length + " bytes",
          "chunk " + record.id() + " of " + record.rawLength());
    }
  }
}
