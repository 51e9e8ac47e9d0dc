package skarb.node.segment;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import skarb.node.disk.ChunkRecordFormat;
import skarb.node.disk.CorruptFileException;
import skarb.node.disk.DiskSpaceGuard;
import skarb.node.disk.EncodedChunk;
import skarb.node.disk.ReadChannels;
import skarb.node.model.ChunkId;
import skarb.node.model.ChunkPlace;
import skarb.node.model.NodeException;
import skarb.node.model.Seams;
import skarb.node.model.StoreId;
import skarb.v1.ErrorReason;

/// The chunks of a store, and the only door to them.
///
/// ## Dedup without holes
///
/// A chunk is written once, whoever brings it. That is safe only if the chunk that is found is
/// still there, and durable, when the row that names it is committed:
///
/// 1. [#putIfAbsent] and [#pin] answer with a [Pin], taken under the lock under which the collector
///    condemns a chunk ([#condemn]): it is either pinned and stays, or condemned, which counts as
///    absent, so it is written again. A damaged chunk counts as absent too. A chunk whose pin went
///    since the collector began to look ([#beginMark]) stays as well.
/// 2. [#force] returns when the segment of each pinned chunk is durable past that chunk's end, no
///    matter who wrote it: the neighbour's force need not have happened yet.
/// 3. Then the row is committed, and once it is applied the pins are closed.
///
/// Two who put the same chunk at once write it once: the second waits for the first.
///
/// ## Failures
///
/// The first write or force that fails is the last: every later put is READ_ONLY, as is a force
/// that covers what was not durable yet. Reads go on.
///
/// Threads: any, interrupted ones too: writing happens on threads of its own. What is known of
/// chunks, and the lock, is in [ChunkCatalog].
public final class ChunkStore implements AutoCloseable {
  private final Path directory;
  private final LongFunction<Path> journalFiles;
  private final DiskSpaceGuard space;
  private final SegmentWriters writers;
  private final ReadChannels channels;
  private final SegmentReader reader;
  private final List<SegmentFinding> findings;
  private final ChunkCatalog catalog;

  private ChunkStore(
      Path directory,
      LongFunction<Path> journalFiles,
      DiskSpaceGuard space,
      SegmentWriters writers,
      ReadChannels channels,
      ChunkCatalog catalog,
      List<SegmentFinding> findings) {
    this.directory = directory;
    this.journalFiles = journalFiles;
    this.space = space;
    this.writers = writers;
    this.channels = channels;
    this.reader = new SegmentReader(channels);
    this.catalog = catalog;
    this.findings = List.copyOf(findings);
  }

  /// Opens the chunks of a store: reads the footers of its segments, and reads through, repairs and
  /// closes those that have none. What is served afterwards is durable.
  ///
  /// @param store whose segments these are
  /// @param directory where the segments lie: `DATA/segments`; made if it is not there
  /// @param journalFiles the path of a journal file by its number, for chunks that lie in its
  ///   frames
  /// @param space asked before a chunk is written
  /// @throws IOException if a segment cannot be read or repaired, or is of a newer release
  public static ChunkStore open(
      Seams seams,
      ChunkStoreConfig config,
      StoreId store,
      Path directory,
      LongFunction<Path> journalFiles,
      DiskSpaceGuard space)
      throws IOException {
    ChunkCatalog catalog = new ChunkCatalog(seams.random().nextLong());
    SegmentLoader loader = new SegmentLoader(directory, store);
    loader.loadAll((segment, entry) -> catalog.load(entry.id(), entry.placeIn(segment)));
    SegmentWriters writers =
        new SegmentWriters(seams, config, store, directory, loader.lastNumber(), loader.bytes());
    return new ChunkStore(
        directory,
        journalFiles,
        space,
        writers,
        new ReadChannels(config.maxIdleChannels()),
        catalog,
        loader.findings());
  }

  /// What the start found that is not as it should be: torn tails, which are nothing to worry
  /// about, and damage.
  public List<SegmentFinding> findings() {
    return findings;
  }

  /// Pins a chunk, if it is there. One that is being written is not there yet.
  public Optional<Pin> pin(ChunkId id) {
    return catalog.pin(id);
  }

  /// Writes a chunk, unless it is there, and pins it. It can be read at once, and is durable after
  /// [#force].
  ///
  /// @param id the SHA-256 of the data; the caller has computed it from these very bytes
  /// @param data the bytes in order, between position and limit of each buffer; they stay as they
  ///   are, and are not needed after the return
  /// @param length bytes of the data, 1 to 4 MiB
  /// @throws NodeException READ_ONLY after a failure, DISK_FULL, SHUTTING_DOWN
  public Pin putIfAbsent(ChunkId id, List<ByteBuffer> data, int length) {
    Optional<Pin> pin = catalog.pinOrAnnounce(id);
    if (pin.isPresent()) {
      return pin.get();
    }
    ChunkPlace place = null;
    try {
      place = write(id, data, length);
    } finally {
      pin = catalog.endPut(id, place);
    }
    return pin.orElseThrow();
  }

  private ChunkPlace write(ChunkId id, List<ByteBuffer> data, int length) {
    writers.mustBeWritable();
    EncodedChunk chunk = ChunkRecordFormat.encode(id, data);
    if (chunk.chunkLength() != length) {
      throw new IllegalArgumentException(length + " bytes said, given " + chunk.chunkLength());
    }
    space.admit(chunk.recordLength());
    SegmentWriters.Appended appended = writers.append(chunk);
    return appended.entry().placeIn(appended.segment());
  }

  /// Passes if the disk has room for a chunk that will lie in the journal: the journal must not be
  /// what fills the disk, since deletes go through it too.
  ///
  /// @param recordLength bytes of the chunk's record
  /// @throws NodeException DISK_FULL
  public void admitJournaled(int recordLength) {
    space.admit(recordLength);
  }

  /// Returns when each pinned chunk is durable, whoever wrote it. Callers who wait at the same time
  /// share forces.
  ///
  /// @throws NodeException READ_ONLY if one of them never will be: nothing that names it may be
  ///   committed
  public void force(Collection<Pin> pinned) {
    Map<Long, Long> ends = new TreeMap<>();
    for (Pin pin : pinned) {
      if (pin.segment() != Pin.NO_SEGMENT) {
        ends.merge(pin.segment(), pin.end(), Math::max);
      }
    }
    writers.force(ends);
  }

  /// Notes where a chunk lies in a frame of the journal: at start for those that are there, later
  /// after the batch was forced.
  ///
  /// A chunk that is there already has two copies then, the later one perhaps since the earlier is
  /// damaged. Of two in the journal the later one is read from now on, of one in a segment and one
  /// in the journal that in the segment; the other is kept in mind for when that does not verify.
  ///
  /// Neither blocks for long nor throws: the committer may call it.
  public void addPlace(ChunkId id, ChunkPlace place) {
    catalog.addJournaled(id, place);
  }

  /// Reads a range of a chunk, in frames of up to 256 KiB, each verified before it is handed on.
  ///
  /// A chunk that does not verify, and has no other copy that does, counts as absent from then on,
  /// so that the next who puts it mends it.
  ///
  /// @param offset the first byte wanted
  /// @param length how many
  /// @param sink takes the frames, on this thread
  /// @throws NodeException DATA_DAMAGED if the chunk is not there, does not reach that far, cannot
  ///   be read or does not verify
  public void read(ChunkId id, int offset, int length, FrameSink sink) {
    ChunkPlace place =
        catalog.find(id).orElseThrow(() -> damaged("chunk " + id + " is not in this store", null));
    AtomicInteger sent = new AtomicInteger();
    FrameSink counting =
        (frame, crc32c) -> {
          sink.frame(frame, crc32c);
          sent.addAndGet(frame.size());
        };
    NodeException first = readAt(place, id, offset, length, counting);
    NodeException damage = first;
    Set<ChunkPlace> tried = new HashSet<>();
    while (damage != null) {
      tried.add(place);
      NodeException met = first;
      place = catalog.findOther(id, tried).orElseThrow(() -> met);
      damage = readAt(place, id, offset + sent.get(), length - sent.get(), counting);
    }
  }

  /// @return the damage, if some was met: what the sink throws is thrown
  private @Nullable NodeException readAt(
      ChunkPlace place, ChunkId id, int offset, int length, FrameSink sink) {
    if (offset < 0 || length < 0 || length > place.length() - offset) {
      return damaged(
          "%d bytes from %d of chunk %s, which has %d"
              .formatted(length, offset, id, place.length()),
          null);
    }
    Path file = fileOf(place);
    try {
      reader.read(file, place.position(), id, place.length(), offset, length, sink);
      return null;
    } catch (ClosedChannelException e) {
      throw new UncheckedIOException(file + ": the reading thread was interrupted", e);
    } catch (NoSuchFileException | CorruptFileException e) {
      markDamaged(id, place);
      return damaged(e.toString(), e);
    } catch (FileSystemException e) {
      throw new UncheckedIOException(file + ": cannot be opened: " + e, e);
    } catch (IOException e) {
      return damaged(file + ": chunk " + id + " cannot be read: " + e, e);
    }
  }

  private Path fileOf(ChunkPlace place) {
    return switch (place.home()) {
      case JOURNAL -> journalFiles.apply(place.file());
      case SEGMENT -> SegmentFormat.file(directory, place.file());
    };
  }

  private static NodeException damaged(String message, @Nullable Throwable cause) {
    return cause == null
        ? new NodeException(ErrorReason.ERROR_REASON_DATA_DAMAGED, message)
        : new NodeException(ErrorReason.ERROR_REASON_DATA_DAMAGED, message, cause);
  }

  /// Begins a mark, for the collector, before it reads the first row: what is put, pinned, noted in
  /// the journal or let go by a pin from now on counts as live until the next mark begins, whether
  /// or not the collector sees the row. A chunk is then condemned that neither the mark nor this
  /// rule has found alive. One mark at a time.
  public void beginMark() {
    catalog.beginMark();
  }

  /// Begins a chunk's end: from here on it counts as absent, so that who puts it writes it again.
  /// For the collector, which deletes this copy later; until then it can be read.
  ///
  /// @return false, with nothing changed, if it is pinned, was touched since [#beginMark], or is
  ///   not there
  public boolean condemn(ChunkId id) {
    return catalog.condemn(id);
  }

  /// Notes that a chunk does not verify where it lies: another copy takes the place; where there is
  /// none, it counts as absent until it is put again. For the scrubber; [#read] does so by itself.
  ///
  /// @param place where that was seen: a copy that was written meanwhile is not meant
  public void markDamaged(ChunkId id, ChunkPlace place) {
    catalog.markDamaged(id, place);
  }

  /// The bytes of a small chunk, verified.
  ///
  /// @param length bytes of the chunk, as [#length] or a pin tells them
  /// @throws NodeException DATA_DAMAGED as [#read]
  public ByteString readAll(ChunkId id, int length) {
    List<ByteString> frames = new ArrayList<>();
    read(id, 0, length, (content, crc32c) -> frames.add(content));
    return ByteString.copyFrom(frames);
  }

  /// Where a chunk lies, if it is there and neither condemned nor damaged.
  public Optional<ChunkPlace> place(ChunkId id) {
    return catalog.findPresent(id);
  }

  /// Bytes of a chunk; empty if it is not known. A condemned or damaged one is.
  public OptionalInt length(ChunkId id) {
    return catalog
        .find(id)
        .map(place -> OptionalInt.of(place.length()))
        .orElseGet(OptionalInt::empty);
  }

  /// How many chunks are known.
  public int chunks() {
    return catalog.size();
  }

  /// Bytes of all segments, as files.
  public long bytes() {
    return writers.bytes();
  }

  /// The failure that ended all writing; empty while all is well.
  public Optional<Throwable> failure() {
    return writers.failure();
  }

  /// Refuses further puts, closes the segments with their footers, durable, and the files.
  /// Idempotent.
  @Override
  public void close() throws IOException {
    writers.close();
    channels.close();
  }
}
