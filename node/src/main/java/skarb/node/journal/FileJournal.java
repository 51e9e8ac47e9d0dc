package skarb.node.journal;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import skarb.node.disk.Checksums;
import skarb.node.disk.CorruptFileException;
import skarb.node.disk.DurableFile;
import skarb.node.disk.EncodedChunk;
import skarb.node.disk.FileHeader;
import skarb.node.journal.JournalFormat.FrameHeader;
import skarb.node.model.ChunkId;
import skarb.node.model.ChunkPlace;
import skarb.node.model.Seams;
import skarb.node.model.StoreId;

/// The local journal: numbered files in one directory, as [JournalFormat] draws them.
///
/// Guarantees, beside those of [CommitLog]: one force an append, and one more when a file is full.
/// A batch is on disk whole before the next one is written, so that of all batches only the last
/// can be torn. A batch has at most [#MAX_BATCH_BYTES] in its frame.
///
/// Threads: one appends and closes, and must not be interrupted; any may replay and ask for files
/// and sizes meanwhile. A thread of [Seams#threads] makes the next file. No lock is held over I/O.
public final class FileJournal implements CommitLog {
  /// The most bytes of a batch's frame: records, bodies, headers and padding. The committer's own
  /// limit (8 MiB of records and bodies) leaves room for the rest.
  public static final int MAX_BATCH_BYTES = JournalFormat.MAX_FRAME_BYTES;

  private final JournalFiles files;
  private final JournalConfig config;
  private final NextFile next;
  private final JournalRecovery recovery;
  private JournalWriter writer;
  private boolean closed;

  /// The tail and those before it; replaced as a whole, never changed.
  private volatile List<JournalFile> inUse;

  private volatile long lastBatch;
  private volatile @Nullable Throwable failure;

  private FileJournal(
      JournalFiles files, JournalConfig config, NextFile next, JournalOpening.Opened opened) {
    this.files = files;
    this.config = config;
    this.next = next;
    this.recovery = opened.recovery();
    this.writer = opened.writer();
    this.inUse = List.copyOf(opened.files());
    this.lastBatch = opened.recovery().lastBatch();
  }

  /// Takes the places of bodies.
  @FunctionalInterface
  public interface BodyConsumer {
    /// @param id the body's name
    /// @param place where its record lies
    void accept(ChunkId id, ChunkPlace place) throws IOException;
  }

  /// Opens the journal, mends what a crash left at its end, and forces what it found: all that is
  /// replayed afterwards is durable. Where the directory has no file of the journal, a new one is
  /// begun, and [JournalRecovery#created] says so.
  ///
  /// @param directory exists, holds nothing but the journal, and belongs to this process
  /// @param bodies is handed all bodies in the journal, file by file. If this method throws after
  ///   all, what it was handed is void
  /// @throws JournalDamagedException if what was acknowledged is not there or not whole
  /// @throws CorruptFileException if a file's header does not verify, or is not of this store
  /// @throws skarb.node.disk.FormatTooNewException if a later release wrote it
  public static FileJournal open(
      Path directory, StoreId store, Seams seams, JournalConfig config, BodyConsumer bodies)
      throws IOException {
    JournalFiles files = new JournalFiles(directory, store, seams, config.fileBytes());
    JournalOpening.Opened opened = new JournalOpening(files, bodies).run();
    NextFile next = new NextFile(files, seams.threads());
    if (opened.spare() != null) {
      next.offer(opened.spare());
    }
    return new FileJournal(files, config, next, opened);
  }

  /// What opening found and did.
  public JournalRecovery recovery() {
    return recovery;
  }

  @Override
  public List<ChunkPlace> append(
      long expectedBatch, List<ByteString> records, List<EncodedChunk> bodies) throws IOException {
    mustBeUsable();
    if (expectedBatch != lastBatch + 1) {
      throw new IllegalStateException(
          "the log stands at batch " + lastBatch + ", so the next is not " + expectedBatch);
    }
    int frameBytes = JournalFormat.frameBytes(records, bodies);
    try {
      makeRoom(frameBytes, bodies.size());
      List<ChunkPlace> places = writer.append(records, bodies);
      lastBatch = expectedBatch;
      prepareNextFile();
      return places;
    } catch (IOException | RuntimeException | Error e) {
      failure = e;
      throw e;
    }
  }

  private void mustBeUsable() throws IOException {
    Throwable before = failure;
    if (before != null) {
      throw new IOException("the journal failed before, and that is final: " + before, before);
    }
    if (closed) {
      throw new IOException("the journal is closed");
    }
  }

  private void makeRoom(int frameBytes, int bodies) throws IOException {
    if (!writer.hasRoomFor(frameBytes, bodies) && !writer.run().isEmpty()) {
      roll();
    }
    if (!writer.hasRoomFor(frameBytes, bodies)) {
      writer.growFor(frameBytes, bodies);
      replaceLast(inUse.getLast().closed(writer.fileBytes(), 0));
    }
  }

  /// Goes on to the next file. It is there under its name before the footer of this one is written,
  /// so that a closed file without a successor shows that the successor was lost.
  private void roll() throws IOException {
    FileHeader header = next.take(writer.number() + 1);
    FrameRun run = writer.run();
    writer.finish();
    writer.close();
    replaceLast(inUse.getLast().closed(writer.fileBytes(), run.end()));
    Path path = files.pathOf(header.number());
    DurableFile file = DurableFile.open(path);
    writer =
        new JournalWriter(
            header.number(),
            header.generation(),
            file,
            FrameRun.empty(run.last(), run.crc(), run.sealed()),
            new BodyTable());
    List<JournalFile> more = new ArrayList<>(inUse);
    more.add(
        new JournalFile(header.number(), path, header.generation(), run.last(), file.length(), 0));
    inUse = List.copyOf(more);
  }

  private void replaceLast(JournalFile file) {
    List<JournalFile> replaced = new ArrayList<>(inUse);
    replaced.set(replaced.size() - 1, file);
    inUse = List.copyOf(replaced);
  }

  private void prepareNextFile() {
    if (config.prepareAhead() && writer.run().end() > writer.fileBytes() / 2) {
      next.prepare(writer.number() + 1);
    }
  }

  @Override
  public long lastBatch() {
    return lastBatch;
  }

  @Override
  public void replay(long fromBatch, BatchConsumer consumer) throws IOException {
    long last = lastBatch;
    if (fromBatch > last) {
      return;
    }
    List<JournalFile> all = inUse;
    int first = all.size() - 1;
    while (first > 0 && all.get(first).lastBefore() >= Math.max(fromBatch, 1)) {
      first--;
    }
    @Nullable FrameRun chain = null;
    for (JournalFile file : all.subList(first, all.size())) {
      if (file.lastBefore() >= last) {
        return;
      }
      chain = replay(file, chain, fromBatch, last, consumer);
    }
  }

  /// Replays one file.
  ///
  /// @param chain where the file before ended; null for the first one looked at, which is believed
  private static FrameRun replay(
      JournalFile file,
      @Nullable FrameRun chain,
      long fromBatch,
      long lastBatch,
      BatchConsumer consumer)
      throws IOException {
    try (JournalReader reader = JournalReader.open(file.path())) {
      FrameHeader first = reader.header(JournalFormat.PAGE_BYTES);
      FrameRun run =
          chain == null
              ? FrameRun.empty(file.lastBefore(), first.before())
              : FrameRun.empty(chain.last(), chain.crc());
      while (file.end() == 0 ? run.last() < lastBatch : run.end() < file.end()) {
        FrameHeader header = reader.header(run.end());
        if (header.generation() != file.generation() || !run.isContinuedBy(header)) {
          throw new CorruptFileException(
              file.path(),
              run.end(),
              "the frame after batch " + run.last() + ", CRC-32C " + Checksums.hex(run.crc()),
              header.toString());
        }
        if (!header.seal() && header.batch() >= fromBatch && header.batch() <= lastBatch) {
          consumer.accept(header.batch(), reader.frame(run.end()).records());
        }
        run = run.plus(header);
      }
      return run;
    }
  }

  /// Where a file lies, by the number that [ChunkPlace#file] has. Its bodies are read by
  /// [skarb.node.disk.ChunkRecordFormat#read] at [ChunkPlace#position].
  public Path fileOf(long number) {
    return files.pathOf(number);
  }

  /// Bytes of all files in use.
  public long bytes() {
    long bytes = 0;
    for (JournalFile file : inUse) {
      bytes += file.bytes();
    }
    return bytes;
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    next.await();
    try {
      if (failure == null) {
        writer.seal();
      }
    } finally {
      writer.close();
    }
  }
}
