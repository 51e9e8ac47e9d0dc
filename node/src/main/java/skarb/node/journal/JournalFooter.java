package skarb.node.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import skarb.node.disk.CorruptFileException;
import skarb.node.disk.FileFooter;
import skarb.node.disk.FileKind;

/// What a full file of the journal ends with; [JournalFormat] draws it.
///
/// @param run its frames
/// @param bodies the bodies in them
record JournalFooter(FrameRun run, BodyTable bodies) {
  private static final int FIXED_BYTES = 40;
  private static final int FLAG_SEALED = 1;

  /// Bytes of a footer.
  static long bytes(int bodies) {
    return FIXED_BYTES + (long) bodies * BodyTable.ENTRY_BYTES + FileFooter.TRAILER_BYTES;
  }

  /// Its bytes, which end at the end of the file.
  ///
  /// @param number of the file
  List<ByteBuffer> encode(long number) {
    ByteBuffer body = ByteBuffer.allocate(FIXED_BYTES + bodies.encoded().remaining());
    body.putLong(run.lastBefore()).putLong(run.last()).putInt(run.before()).putInt(run.crc());
    body.putLong(run.end()).putInt(bodies.count()).putInt(run.sealed() ? FLAG_SEALED : 0);
    body.put(bodies.encoded()).flip();
    return List.of(body, FileFooter.trailer(FileKind.JOURNAL, number, JournalFormat.VERSION, body));
  }

  /// Reads the footer of a file.
  ///
  /// @return empty if the file was not closed
  /// @throws CorruptFileException if there is one that does not verify
  static Optional<JournalFooter> read(FileChannel channel, Path file, long number)
      throws IOException {
    Optional<ByteBuffer> read =
        FileFooter.read(
            channel,
            file,
            FileKind.JOURNAL,
            number,
            JournalFormat.VERSION,
            JournalFormat.VERSION,
            JournalFormat.MAX_FOOTER_BYTES);
    return read.isEmpty()
        ? Optional.empty()
        : Optional.of(decode(read.get(), file, channel.size()));
  }

  private static JournalFooter decode(ByteBuffer body, Path file, long size)
      throws CorruptFileException {
    long start = size - FileFooter.TRAILER_BYTES - body.remaining();
    if (body.remaining() < FIXED_BYTES) {
      throw new CorruptFileException(file, start, "a footer of 40 bytes", "" + body.remaining());
    }
    long lastBefore = body.getLong();
    long last = body.getLong();
    int before = body.getInt();
    int crc = body.getInt();
    long end = body.getLong();
    int count = body.getInt();
    int flags = body.getInt();
    boolean plausible =
        (flags & ~FLAG_SEALED) == 0
            && lastBefore >= 0
            && last >= lastBefore
            && end > JournalFormat.PAGE_BYTES
            && end <= start
            && end % JournalFormat.PAGE_BYTES == 0
            && (long) count * BodyTable.ENTRY_BYTES == body.remaining();
    if (!plausible) {
      throw new CorruptFileException(
          file,
          start,
          "a footer of version 1",
          "batches %d to %d, end %d, %d bodies".formatted(lastBefore, last, end, count));
    }
    return new JournalFooter(
        new FrameRun(lastBefore, before, last, crc, end, flags == FLAG_SEALED),
        BodyTable.readFrom(body));
  }
}
