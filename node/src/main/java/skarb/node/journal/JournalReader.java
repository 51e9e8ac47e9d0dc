package skarb.node.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import skarb.node.disk.ChunkRecord;
import skarb.node.disk.ChunkRecordFormat;
import skarb.node.disk.CorruptFileException;
import skarb.node.disk.FileHeader;
import skarb.node.disk.FileKind;
import skarb.node.disk.FileReads;
import skarb.node.journal.JournalFormat.Frame;
import skarb.node.journal.JournalFormat.FrameHeader;

/// Reads one file of the journal, frame by frame. What it returns verified; what does not verify is
/// a [CorruptFileException]. One thread at a time.
final class JournalReader implements AutoCloseable {
  private final Path file;
  private final FileChannel channel;
  private final long size;

  private JournalReader(Path file, FileChannel channel, long size) {
    this.file = file;
    this.channel = channel;
    this.size = size;
  }

  static JournalReader open(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    try {
      return new JournalReader(file, channel, channel.size());
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /// The header of the file.
  FileHeader fileHeader() throws IOException {
    return FileHeader.read(
        channel, file, FileKind.JOURNAL, JournalFormat.VERSION, JournalFormat.VERSION);
  }

  FileChannel channel() {
    return channel;
  }

  long size() {
    return size;
  }

  /// The header of the frame at a position: enough to step over it.
  FrameHeader header(long position) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(JournalFormat.FRAME_HEADER_BYTES);
    FileReads.readFully(channel, file, position, bytes);
    return decodeHeader(bytes, position);
  }

  /// The frame at a position, without its bodies' bytes.
  Frame frame(long position) throws IOException {
    ByteBuffer page = ByteBuffer.allocate(JournalFormat.PAGE_BYTES);
    FileReads.readFully(channel, file, position, page);
    FrameHeader header = decodeHeader(page, position);
    ByteBuffer head;
    if (header.headBytes() <= page.limit()) {
      head = page.limit(header.headBytes());
    } else {
      head = ByteBuffer.allocate(header.headBytes()).put(page);
      FileReads.readFully(channel, file, position + JournalFormat.PAGE_BYTES, head);
      head.position(0);
    }
    return JournalFormat.decodeContents(header, head, file, position);
  }

  /// Verifies what [#frame] did not read: the bodies, each block of them, and the zeroes between
  /// and behind them.
  void verifyBodies(Frame frame) throws IOException {
    long end = frame.position() + frame.header().headBytes();
    for (Frame.Body body : frame.bodies()) {
      verifyZeroes(end, body.position());
      ChunkRecord record = ChunkRecordFormat.read(channel, file, body.position());
      boolean asListed =
          record.headerChecksum() == body.headerCrc()
              && record.id().equals(body.id())
              && record.rawLength() == body.chunkLength()
              && record.recordLength() == body.recordLength();
      if (!asListed) {
        throw new CorruptFileException(file, body.position(), body.toString(), record.toString());
      }
      record.verifyData(channel);
      end = record.end();
    }
    verifyZeroes(end, frame.end());
  }

  private void verifyZeroes(long from, long to) throws IOException {
    ByteBuffer padding = ByteBuffer.allocate((int) (to - from));
    FileReads.readFully(channel, file, from, padding);
    for (int i = 0; i < padding.limit(); i++) {
      if (padding.get(i) != 0) {
        throw new CorruptFileException(file, from + i, "zeroes", "byte " + padding.get(i));
      }
    }
  }

  private FrameHeader decodeHeader(ByteBuffer bytes, long position) throws IOException {
    FrameHeader header = JournalFormat.decodeHeader(bytes, file, position);
    if (position + header.frameBytes() > size) {
      throw new CorruptFileException(
          file, position, "a frame within the file's " + size + " bytes", header.toString());
    }
    return header;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
