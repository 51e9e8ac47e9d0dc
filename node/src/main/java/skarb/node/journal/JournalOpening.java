package skarb.node.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import skarb.node.disk.Checksums;
import skarb.node.disk.CorruptFileException;
import skarb.node.disk.DirectorySync;
import skarb.node.disk.DurableFile;
import skarb.node.disk.FileHeader;
import skarb.node.disk.FileReads;
import skarb.node.journal.FileJournal.BodyConsumer;
import skarb.node.journal.JournalFormat.Frame;

/// Opens the journal: first looks at everything and changes nothing, then mends the end.
///
/// ```
/// look:  the files are 1, 2, ... without a gap, each of this store and named for its number
///        each file's frames begin where the chain of batches left off in the file before
///        the last file that has frames is the tail, or, if it was closed, the one after it
///        the bodies of the very last batch are whole, or the batch is torn
/// mend:  what is torn is zeroed; a footer that was lost is written again
///        the last frame is written once more, byte for byte
///        tail, file before, directory are forced: all that is served from now on is durable
/// ```
///
/// Why the last frame is written once more: after a force that failed, the kernel may hold pages as
/// clean that the disk does not have. The node stopped, but a restart without a reboot reads such a
/// frame as whole and would build on it, and the next power cut would leave a hole before batches
/// that were acknowledged. Only the last frame can be such a one.
final class JournalOpening {
  private final JournalFiles files;
  private final BodyConsumer consumer;
  private final List<String> notes = new ArrayList<>();
  private final List<JournalFile> inUse = new ArrayList<>();

  /// Files that were not closed and have frames, with their bodies still to be handed over.
  private final List<JournalScan> unclosed = new ArrayList<>();

  private FrameRun chain = FrameRun.empty(0, 0);
  private FrameRun chainBeforeLastFile = chain;
  private @Nullable JournalScan lastWithFrames;
  private @Nullable JournalScan firstEmpty;

  JournalOpening(JournalFiles files, BodyConsumer consumer) {
    this.files = files;
    this.consumer = consumer;
  }

  /// What is ready for use.
  ///
  /// @param writer at the end of the tail
  /// @param files the tail and those before it
  /// @param spare a file behind the tail that was made ahead
  record Opened(
      JournalWriter writer,
      List<JournalFile> files,
      @Nullable FileHeader spare,
      JournalRecovery recovery) {}

  Opened run() throws IOException {
    List<Long> numbers = files.numbers();
    boolean created = numbers.isEmpty();
    if (created) {
      files.deleteUnfinished();
      files.create(1);
      numbers = List.of(1L);
    }
    look(numbers);
    JournalScan tail = chooseTail(numbers);
    files.deleteUnfinished();
    FileHeader spare = keepOrDeleteSpare(tail);
    JournalWriter writer = mend(tail);
    JournalRecovery recovery =
        new JournalRecovery(created, created || chain.sealed(), chain.last(), inUse.size(), notes);
    return new Opened(writer, inUse, spare, recovery);
  }

  private void look(List<Long> numbers) throws IOException {
    for (int i = 0; i < numbers.size(); i++) {
      if (numbers.get(i) != i + 1) {
        throw new JournalDamagedException(
            files.pathOf(i + 1),
            0,
            "expected file "
                + (i + 1)
                + " of the journal, found that it is missing while file "
                + numbers.get(i)
                + " is there",
            null);
      }
      JournalScan scan = JournalScan.of(files, numbers.get(i));
      if (scan.run().isEmpty()) {
        mustBeTheOnlyEmptyOne(scan);
        firstEmpty = scan;
      } else {
        join(scan);
      }
    }
  }

  private void mustBeTheOnlyEmptyOne(JournalScan empty) throws IOException {
    if (firstEmpty != null) {
      throw missingFrames(firstEmpty, "file " + empty.header().number() + " comes after it");
    }
  }

  private static JournalDamagedException missingFrames(JournalScan empty, String evidence) {
    return new JournalDamagedException(
        empty.path(),
        JournalFormat.PAGE_BYTES,
        "expected the file's first frame, found none that verifies, but " + evidence,
        empty.bad());
  }

  private void join(JournalScan scan) throws IOException {
    if (firstEmpty != null) {
      throw missingFrames(firstEmpty, scan.path() + " has batch " + scan.run().last());
    }
    if (!chain.isContinuedBy(scan.run())) {
      JournalScan before = lastWithFrames;
      throw new JournalDamagedException(
          before == null ? scan.path() : before.path(),
          before == null ? JournalFormat.PAGE_BYTES : before.run().end(),
          "expected that batch %d with CRC-32C %s is followed by the first of %s, found that this one follows batch %d with %s"
              .formatted(
                  chain.last(),
                  Checksums.hex(chain.crc()),
                  scan.path(),
                  scan.run().lastBefore(),
                  Checksums.hex(scan.run().before())),
          before == null ? null : before.bad());
    }
    chainBeforeLastFile = chain;
    chain = scan.run();
    lastWithFrames = scan;
    inUse.add(fileOf(scan, scan.run().end()));
    if (scan.closed()) {
      scan.bodies().forEach(scan.header().number(), consumer);
    } else {
      unclosed.add(scan);
    }
  }

  private static JournalFile fileOf(JournalScan scan, long end) {
    FileHeader header = scan.header();
    return new JournalFile(
        header.number(),
        scan.path(),
        header.generation(),
        scan.run().lastBefore(),
        scan.size(),
        end);
  }

  /// Finds the file that is written on, and judges its last batch.
  private JournalScan chooseTail(List<Long> numbers) throws IOException {
    JournalScan last = lastWithFrames;
    JournalScan empty = firstEmpty;
    if (last == null || last.closed()) {
      if (empty == null) {
        throw new JournalDamagedException(
            files.pathOf(numbers.size() + 1),
            0,
            "expected a file, since the one before was closed; found none",
            null);
      }
      return empty;
    }
    unclosed.removeLast();
    inUse.removeLast();
    JournalScan tail = judgeLastBatch(last);
    chain = tail.run();
    if (tail.run().isEmpty()) {
      chain = chainBeforeLastFile;
      if (empty != null) {
        // A file is made ahead only once the one before has batches that were forced.
        throw missingFrames(tail, "file " + empty.header().number() + " comes after it");
      }
    }
    return tail;
  }

  private JournalScan judgeLastBatch(JournalScan scan) throws IOException {
    Frame frame = scan.last();
    if (frame == null) {
      return scan;
    }
    try (JournalReader reader = JournalReader.open(scan.path())) {
      reader.verifyBodies(frame);
      return scan;
    } catch (CorruptFileException e) {
      return scan.withoutLast(e);
    }
  }

  private @Nullable FileHeader keepOrDeleteSpare(JournalScan tail) throws IOException {
    JournalScan spare = firstEmpty;
    if (spare == null || spare.header().number() == tail.header().number()) {
      return null;
    }
    if (spare.isDirty()) {
      Files.delete(spare.path());
      return null;
    }
    return spare.header();
  }

  private JournalWriter mend(JournalScan tail) throws IOException {
    for (JournalScan scan : unclosed) {
      writeFooterAgain(scan);
      scan.bodies().forEach(scan.header().number(), consumer);
    }
    if (!inUse.isEmpty()) {
      // Its footer may have been written and not forced.
      try (DurableFile before = DurableFile.open(inUse.getLast().path())) {
        before.force();
      }
    }
    tail.bodies().forEach(tail.header().number(), consumer);
    FileHeader header = tail.header();
    noteWhatIsTorn(tail);
    FrameRun run =
        tail.run().isEmpty() ? FrameRun.empty(chain.last(), chain.crc(), chain.sealed()) : chain;
    DurableFile file = DurableFile.open(tail.path());
    try {
      mendTail(file, tail);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
    inUse.add(
        new JournalFile(
            header.number(), tail.path(), header.generation(), run.lastBefore(), file.length(), 0));
    return new JournalWriter(header.number(), header.generation(), file, run, tail.bodies());
  }

  private void mendTail(DurableFile file, JournalScan tail) throws IOException {
    file.writeZeroes(tail.run().end(), tail.dirtyEnd() - tail.run().end());
    Frame last = tail.last();
    if (last != null) {
      writeOnceMore(file, last);
    }
    file.force();
    DirectorySync.force(files.directory());
  }

  private void noteWhatIsTorn(JournalScan scan) {
    if (!scan.isDirty()) {
      return;
    }
    notes.add(
        scan.path()
            + ": the end was torn, as a crash in the middle of a write leaves it; "
            + (scan.dirtyEnd() - scan.run().end())
            + " bytes from "
            + scan.run().end()
            + " on were zeroed, after batch "
            + chain.last()
            + ". Nothing of it had been acknowledged."
            + (scan.bad() == null ? "" : " (" + scan.bad().getMessage() + ")"));
  }

  private static void writeOnceMore(DurableFile file, Frame frame) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(frame.header().frameBytes());
    try (JournalReader reader = JournalReader.open(file.path())) {
      FileReads.readFully(reader.channel(), file.path(), frame.position(), bytes);
    }
    file.write(frame.position(), List.of(bytes));
  }

  /// Later files continue where this one ends, so all its frames are there and only the footer was
  /// damaged.
  private void writeFooterAgain(JournalScan scan) throws IOException {
    try (DurableFile file = DurableFile.open(scan.path());
        JournalWriter writer =
            new JournalWriter(
                scan.header().number(),
                scan.header().generation(),
                file,
                scan.run(),
                scan.bodies())) {
      writer.finish();
    }
    notes.add(
        scan.path()
            + ": its list of bodies was damaged and was made again from its "
            + "batches up to "
            + scan.run().last()
            + (scan.footerProblem() == null ? "" : " (" + scan.footerProblem().getMessage() + ")"));
  }
}
