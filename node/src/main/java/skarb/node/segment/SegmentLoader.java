package skarb.node.segment;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import skarb.node.disk.ChunkRecordFormat;
import skarb.node.disk.CorruptFileException;
import skarb.node.disk.DirectorySync;
import skarb.node.disk.DurableFile;
import skarb.node.disk.FileFooter;
import skarb.node.disk.FileHeader;
import skarb.node.disk.FileKind;
import skarb.node.disk.FileReads;
import skarb.node.model.StoreId;

/// What a start does with the segments of the life before: reads the footers, and brings those
/// without one to the state of a closed segment. Afterwards every segment is durable up to its end.
///
/// An unclosed segment is read through ([SegmentScan]), its torn tail cut (where a read fails, the
/// start fails, and nothing is cut), and its whole records are *written again where they are*
/// before the force. Were they only forced, a record could be trusted that is in the page cache and
/// not on the disk: the life before may have ended because a force failed, after which the kernel
/// takes the pages for clean, and the next force succeeds without writing them. Writing the same
/// bytes again makes the pages dirty, and can destroy nothing.
///
/// One use, one thread.
final class SegmentLoader {
  private final Path directory;
  private final StoreId store;
  private final List<SegmentFinding> findings = new ArrayList<>();
  private final ByteBuffer buffer = ByteBuffer.allocate(ChunkRecordFormat.BLOCK_BYTES);
  private long lastNumber;
  private long bytes;

  SegmentLoader(Path directory, StoreId store) {
    this.directory = directory;
    this.store = store;
  }

  /// Loads all segments.
  void loadAll(EntryConsumer consumer) throws IOException {
    Files.createDirectories(directory);
    Path parent = directory.getParent();
    if (parent != null) {
      DirectorySync.force(parent);
    }
    for (var segment : segments().entrySet()) {
      long number = segment.getKey();
      lastNumber = Math.max(lastNumber, number);
      for (SegmentEntry entry : load(segment.getValue(), number)) {
        consumer.accept(number, entry);
      }
    }
    DirectorySync.force(directory);
  }

  /// What was not as it should be.
  List<SegmentFinding> findings() {
    return findings;
  }

  /// The highest number in use; 0 where there is none.
  long lastNumber() {
    return lastNumber;
  }

  /// Bytes of all segments.
  long bytes() {
    return bytes;
  }

  private SortedMap<Long, Path> segments() throws IOException {
    SortedMap<Long, Path> segments = new TreeMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      files.forEach(
          file -> SegmentFormat.numberOf(file).ifPresent(number -> segments.put(number, file)));
    }
    return segments;
  }

  private List<SegmentEntry> load(Path file, long number) throws IOException {
    List<SegmentEntry> entries;
    boolean closed = true;
    long end;
    boolean sound;
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      sound = hasSoundHeader(channel, file, number);
      if (!sound && isStray(channel, file)) {
        return List.of();
      }
      Optional<SegmentFooter> footer = footer(channel, file, number);
      if (footer.isPresent()) {
        bytes += channel.size();
        return entriesOf(footer.get());
      }
      closed = endsWithDamagedFooter(file);
      SegmentScan scan = new SegmentScan(channel, file).run();
      findings.addAll(scan.damage());
      entries = scan.entries();
      end = scan.end();
    }
    if (end == SegmentFormat.FIRST_RECORD && !closed) {
      return dropUnused(file, sound);
    }
    if (sound) {
      close(file, number, entries, end, !closed);
    }
    bytes += Files.size(file);
    return entries;
  }

  private boolean hasSoundHeader(FileChannel channel, Path file, long number) throws IOException {
    try {
      FileHeader.read(
              channel, file, FileKind.SEGMENT, SegmentFormat.OLDEST_VERSION, SegmentFormat.VERSION)
          .mustBe(file, number, store);
      return true;
    } catch (CorruptFileException e) {
      findings.add(new SegmentFinding(SegmentFinding.Kind.DAMAGED_HEADER, file, 0, e.toString()));
      return false;
    } catch (IOException e) {
      throw SegmentScan.unreadable(file, 0, e);
    }
  }

  /// Whether the header itself is good: then the file is another store's, or another segment.
  private static boolean isStray(FileChannel channel, Path file) throws IOException {
    try {
      FileHeader.read(
          channel, file, FileKind.SEGMENT, SegmentFormat.OLDEST_VERSION, SegmentFormat.VERSION);
      return true;
    } catch (CorruptFileException e) {
      return false; // it may well be ours, and its chunks say themselves what they are
    }
  }

  private Optional<SegmentFooter> footer(FileChannel channel, Path file, long number)
      throws IOException {
    try {
      return SegmentFooter.read(channel, file, number);
    } catch (CorruptFileException e) {
      findings.add(
          new SegmentFinding(
              SegmentFinding.Kind.BROKEN_FOOTER, file, channel.size(), e.toString()));
      return Optional.empty();
    } catch (IOException e) {
      throw SegmentScan.unreadable(file, Math.max(0, channel.size() - FileFooter.TRAILER_BYTES), e);
    }
  }

  private boolean endsWithDamagedFooter(Path file) {
    return !findings.isEmpty()
        && findings.getLast().kind() == SegmentFinding.Kind.BROKEN_FOOTER
        && findings.getLast().file().equals(file);
  }

  private static List<SegmentEntry> entriesOf(SegmentFooter footer) {
    List<SegmentEntry> entries = new ArrayList<>(footer.count());
    for (int i = 0; i < footer.count(); i++) {
      entries.add(footer.entry(i));
    }
    return entries;
  }

  /// A segment without a record that is whole, or there to its last byte. Where not even its header
  /// was all there, or nothing follows it, it was being made when the process ended.
  private List<SegmentEntry> dropUnused(Path file, boolean sound) throws IOException {
    long size = Files.size(file);
    if (!sound && size > FileHeader.BYTES) {
      bytes += size; // unknown, and left to whoever reads the finding
      return List.of();
    }
    if (!sound) {
      findings.removeLast();
    }
    findings.add(
        new SegmentFinding(
            SegmentFinding.Kind.TORN_TAIL,
            file,
            0,
            "a segment without a record, " + size + " bytes, was deleted"));
    Files.delete(file);
    return List.of();
  }

  /// @param cut whether what follows the last record is a torn tail. Where a footer was damaged it
  ///   is not: the new one goes behind it
  private void close(Path file, long number, List<SegmentEntry> entries, long end, boolean cut)
      throws IOException {
    if (entries.size() > 2 * ChunkStoreConfig.MOST_RECORDS) {
      return; // only a body full of records gets here; it is read through at every start
    }
    try (FileChannel source = FileChannel.open(file, StandardOpenOption.READ);
        DurableFile target = DurableFile.open(file)) {
      if (cut && end < target.length()) {
        findings.add(
            new SegmentFinding(
                SegmentFinding.Kind.TORN_TAIL,
                file,
                end,
                target.length() - end + " bytes of an unfinished write were cut"));
        target.truncate(end);
      }
      rewrite(source, target, 0, FileHeader.BYTES);
      for (SegmentEntry entry : entries) {
        rewrite(source, target, entry.position(), entry.end());
      }
      target.force();
      ByteBuffer footer = SegmentFooter.encode(entries);
      target.append(
          List.of(
              footer, FileFooter.trailer(FileKind.SEGMENT, number, SegmentFormat.VERSION, footer)));
      target.force();
    }
  }

  private void rewrite(FileChannel source, DurableFile target, long from, long to)
      throws IOException {
    for (long at = from; at < to; at += buffer.limit()) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), to - at));
      FileReads.readFully(source, target.path(), at, buffer);
      target.write(at, List.of(buffer));
    }
  }

  /// Takes the chunks of segments.
  @FunctionalInterface
  interface EntryConsumer {
    void accept(long segment, SegmentEntry entry);
  }
}
