package skarb.node.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import skarb.node.disk.Checksums;
import skarb.node.disk.CorruptFileException;
import skarb.node.disk.FileHeader;
import skarb.node.disk.FileReads;
import skarb.node.disk.FormatTooNewException;
import skarb.node.disk.FormatTooOldException;
import skarb.node.journal.JournalFormat.Frame;

/// What one file of the journal holds: from its footer where it was closed, frame by frame where it
/// was not. Reads only.
///
/// Of a file that was not closed, everything is read: the frames up to the first that does not
/// verify, then every page behind it. A whole frame of this file with a higher number there means
/// that the one that does not verify was forced once: damage. Anything else that is not zero is
/// what a crash left of a write.
///
/// @param closed whether the footer verified; the fields below are then as for a whole file
/// @param run its frames, the last one included
/// @param bodies the bodies in them
/// @param last the last frame, if the file was not closed and has one
/// @param beforeLast the run without that frame
/// @param bodiesBeforeLast how many bodies the run without that frame has
/// @param bad why the page behind the run is not a frame, if the file was not closed
/// @param dirtyEnd one past the last byte behind the run that is not zero; the run's end if there
///   is none
/// @param footerProblem why there is a footer that could not be used
record JournalScan(
    Path path,
    FileHeader header,
    long size,
    boolean closed,
    FrameRun run,
    BodyTable bodies,
    @Nullable Frame last,
    FrameRun beforeLast,
    int bodiesBeforeLast,
    @Nullable CorruptFileException bad,
    long dirtyEnd,
    @Nullable CorruptFileException footerProblem) {
  private static final int BLOCK_BYTES = 256 << 10;

  /// Looks through a file.
  ///
  /// @throws JournalDamagedException if a frame does not verify and a later one does, or frames
  ///   verify but do not follow one another
  static JournalScan of(JournalFiles files, long number) throws IOException {
    Path path = files.pathOf(number);
    try (JournalReader reader = JournalReader.open(path)) {
      FileHeader header = reader.fileHeader();
      header.mustBe(path, number, files.store());
      Optional<JournalFooter> footer = Optional.empty();
      CorruptFileException footerProblem = null;
      try {
        footer = JournalFooter.read(reader.channel(), path, number);
      } catch (CorruptFileException e) {
        footerProblem = e;
      }
      if (footer.isPresent()) {
        FrameRun run = footer.get().run();
        return new JournalScan(
            path,
            header,
            reader.size(),
            true,
            run,
            footer.get().bodies(),
            null,
            run,
            0,
            null,
            run.end(),
            null);
      }
      return frames(path, header, reader, footerProblem);
    }
  }

  private static JournalScan frames(
      Path path,
      FileHeader header,
      JournalReader reader,
      @Nullable CorruptFileException footerProblem)
      throws IOException {
    FrameRun run = FrameRun.empty(0, 0);
    FrameRun beforeLast = run;
    BodyTable bodies = new BodyTable();
    int bodiesBeforeLast = 0;
    Frame last = null;
    CorruptFileException bad = null;
    while (run.end() < reader.size()) {
      Frame frame;
      try {
        frame = reader.frame(run.end());
      } catch (CorruptFileException e) {
        bad = e;
        break;
      }
      run = run.isEmpty() ? startOf(frame) : run;
      mustContinue(path, header, run, frame);
      beforeLast = run;
      bodiesBeforeLast = bodies.count();
      frame.bodies().forEach(body -> bodies.add(body.id(), body.position(), body.chunkLength()));
      run = run.plus(frame.header());
      last = frame;
    }
    long dirtyEnd = lookBehind(path, header, reader, run, bad);
    return new JournalScan(
        path,
        header,
        reader.size(),
        false,
        run,
        bodies,
        last,
        beforeLast,
        bodiesBeforeLast,
        bad,
        dirtyEnd,
        footerProblem);
  }

  private static FrameRun startOf(Frame first) {
    return FrameRun.empty(first.header().lastBefore(), first.header().before());
  }

  private static void mustContinue(Path path, FileHeader header, FrameRun run, Frame frame)
      throws JournalDamagedException {
    if (frame.header().generation() != header.generation()) {
      throw new JournalDamagedException(
          path,
          frame.position(),
          "expected a frame of the file's generation %016x, found one of %016x"
              .formatted(header.generation(), frame.header().generation()),
          null);
    }
    if (!run.isContinuedBy(frame.header())) {
      throw new JournalDamagedException(
          path,
          frame.position(),
          "expected a frame after batch %d with CRC-32C %s, found one after batch %d with %s"
              .formatted(
                  run.last(),
                  Checksums.hex(run.crc()),
                  frame.header().lastBefore(),
                  Checksums.hex(frame.header().before())),
          null);
    }
  }

  /// Reads everything behind the last whole frame.
  ///
  /// @return one past the last byte that is not zero
  private static long lookBehind(
      Path path,
      FileHeader header,
      JournalReader reader,
      FrameRun run,
      @Nullable CorruptFileException bad)
      throws IOException {
    long dirtyEnd = run.end();
    ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
    for (long start = run.end(); start < reader.size(); start += BLOCK_BYTES) {
      block.clear().limit((int) Math.min(BLOCK_BYTES, reader.size() - start));
      FileReads.readFully(reader.channel(), path, start, block);
      int dirty = lengthWithoutTrailingZeroes(block);
      dirtyEnd = dirty == 0 ? dirtyEnd : start + dirty;
      for (int page = 0; page + Integer.BYTES <= dirty; page += JournalFormat.PAGE_BYTES) {
        if (block.getInt(page) == JournalFormat.MAGIC) {
          mustNotBeWhole(path, header, reader, run, start + page, bad);
        }
      }
    }
    return dirtyEnd;
  }

  private static int lengthWithoutTrailingZeroes(ByteBuffer block) {
    int length = block.limit();
    while (length >= Long.BYTES && block.getLong(length - Long.BYTES) == 0) {
      length -= Long.BYTES;
    }
    while (length > 0 && block.get(length - 1) == 0) {
      length--;
    }
    return length;
  }

  private static void mustNotBeWhole(
      Path path,
      FileHeader header,
      JournalReader reader,
      FrameRun run,
      long position,
      @Nullable CorruptFileException bad)
      throws IOException {
    Frame frame;
    try {
      frame = reader.frame(position);
    } catch (CorruptFileException | FormatTooNewException | FormatTooOldException e) {
      return; // no frame is due here: of another version, it is as good as any bytes of a body
    }
    // A body may hold a copy of some page of the journal, of an older one necessarily: the numbers
    // tell it apart.
    if (frame.header().generation() == header.generation()
        && (run.isEmpty() || frame.header().batch() > run.last())) {
      throw new JournalDamagedException(
          path,
          run.end(),
          "expected "
              + (run.isEmpty() ? "the file's first frame" : "the frame after batch " + run.last())
              + ", found none that verifies, but batch "
              + frame.header().batch()
              + " at "
              + position
              + " is whole"
              + (bad == null ? "" : " (" + bad.getMessage() + ")"),
          bad);
    }
  }

  /// The file as it is without its last frame, whose bodies turned out not to be whole.
  JournalScan withoutLast(CorruptFileException why) {
    bodies.truncate(bodiesBeforeLast);
    return new JournalScan(
        path,
        header,
        size,
        false,
        beforeLast,
        bodies,
        null,
        beforeLast,
        bodiesBeforeLast,
        why,
        Math.max(dirtyEnd, run.end()),
        footerProblem);
  }

  boolean isDirty() {
    return dirtyEnd > run.end();
  }
}
