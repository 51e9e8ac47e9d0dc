package skarb.node.segment;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import skarb.node.disk.ChunkRecordFormat;
import skarb.node.disk.CorruptFileException;
import skarb.node.disk.FileFooter;
import skarb.node.disk.FileKind;
import skarb.node.model.ChunkId;

/// What a closed segment holds, sorted, so that a start reads footers and no chunks. Numbers are
/// big-endian.
///
/// ```
///   0        4          8        12         16
///   +--------+----------+--------+----------+------------+------------+------------+
///   | chunks | chunks   | bloom  | bloom    | entries    | fences     | bloom      |
///   | n      | a fence  | probes | bytes    | 44 n bytes | 8 each     | filter     |
///   |        | = 64     | = 7    |          |            |            |            |
///   +--------+----------+--------+----------+------------+------------+------------+
///
///   entry:  SHA-256 of the chunk (32) | position of its record (8) | bytes of the chunk (4)
///   fence:  the first 8 bytes of the SHA-256 of every 64th entry, from the first
/// ```
///
/// Entries are in the order of their SHA-256 as unsigned bytes; a chunk that was written twice has
/// two, in the order of their positions. The fences are the sparse index: with them and the bloom
/// filter ([BloomFilter]) a chunk is found by reading one group of 64 entries, without the rest.
/// The trailer of [FileFooter] follows, with the CRC-32C of all of this.
final class SegmentFooter {
  static final int ENTRY_BYTES = ChunkId.BYTES + Long.BYTES + Integer.BYTES;
  static final int FENCE_STEP = 64;
  private static final int HEAD_BYTES = 16;

  /// The longest footer: what a reader accepts.
  static final int MAX_BODY_BYTES = 2 * ENTRY_BYTES * ChunkStoreConfig.MOST_RECORDS;

  private static final Comparator<SegmentEntry> ORDER =
      Comparator.comparing(SegmentEntry::id).thenComparingLong(SegmentEntry::position);

  private final ByteBuffer entries;
  private final ByteBuffer fences;
  private final BloomFilter bloom;
  private final int count;
  private final int fenceStep;

  private SegmentFooter(
      ByteBuffer entries, ByteBuffer fences, BloomFilter bloom, int count, int fenceStep) {
    this.entries = entries;
    this.fences = fences;
    this.bloom = bloom;
    this.count = count;
    this.fenceStep = fenceStep;
  }

  /// Lays out a footer, without its trailer.
  static ByteBuffer encode(List<SegmentEntry> chunks) {
    List<SegmentEntry> sorted = new ArrayList<>(chunks);
    sorted.sort(ORDER);
    BloomFilter bloom = BloomFilter.sizedFor(sorted.size());
    for (SegmentEntry chunk : sorted) {
      bloom.add(chunk.id());
    }
    ByteBuffer filter = bloom.bytes();
    ByteBuffer body =
        ByteBuffer.allocate(
            HEAD_BYTES
                + sorted.size() * ENTRY_BYTES
                + fences(sorted.size(), FENCE_STEP) * Long.BYTES
                + filter.remaining());
    body.putInt(sorted.size()).putInt(FENCE_STEP).putInt(BloomFilter.PROBES);
    body.putInt(filter.remaining());
    for (SegmentEntry chunk : sorted) {
      body.put(chunk.id().toBytes()).putLong(chunk.position()).putInt(chunk.length());
    }
    for (int entry = 0; entry < sorted.size(); entry += FENCE_STEP) {
      body.putLong(sorted.get(entry).id().word0());
    }
    return body.put(filter).flip();
  }

  /// Reads the footer of a segment, and verifies it.
  ///
  /// @return empty if there is none: the segment was not closed
  /// @throws CorruptFileException if there is one that does not verify
  static Optional<SegmentFooter> read(FileChannel channel, Path file, long number)
      throws IOException {
    Optional<ByteBuffer> body =
        FileFooter.read(
            channel,
            file,
            FileKind.SEGMENT,
            number,
            SegmentFormat.OLDEST_VERSION,
            SegmentFormat.VERSION,
            MAX_BODY_BYTES);
    if (body.isEmpty()) {
      return Optional.empty();
    }
    long start = channel.size() - FileFooter.TRAILER_BYTES - body.get().remaining();
    return Optional.of(decode(body.get(), file, start));
  }

  /// Decodes a footer whose checksum was verified.
  ///
  /// @param body all of it, between position and limit
  /// @param start where it lies in the file, which is where the records end
  static SegmentFooter decode(ByteBuffer body, Path file, long start) throws CorruptFileException {
    ByteBuffer bytes = body.slice();
    if (bytes.remaining() < HEAD_BYTES) {
      throw new CorruptFileException(file, start, "a footer", bytes.remaining() + " bytes");
    }
    int count = bytes.getInt(0);
    int fenceStep = bytes.getInt(4);
    int probes = bytes.getInt(8);
    int bloomBytes = bytes.getInt(12);
    boolean sane = count >= 0 && fenceStep > 0 && probes > 0 && bloomBytes > 0;
    long length = 0;
    if (sane) {
      length =
          HEAD_BYTES
              + (long) count * ENTRY_BYTES
              + (long) fences(count, fenceStep) * Long.BYTES
              + bloomBytes;
    }
    if (length != bytes.remaining()) {
      throw new CorruptFileException(
          file,
          start,
          "a footer of " + bytes.remaining() + " bytes",
          "%d chunks, %d a fence, %d probes, %d bytes of filter"
              .formatted(count, fenceStep, probes, bloomBytes));
    }
    int fencesAt = HEAD_BYTES + count * ENTRY_BYTES;
    int bloomAt = fencesAt + fences(count, fenceStep) * Long.BYTES;
    SegmentFooter footer =
        new SegmentFooter(
            bytes.slice(HEAD_BYTES, count * ENTRY_BYTES),
            bytes.slice(fencesAt, bloomAt - fencesAt),
            BloomFilter.of(bytes.slice(bloomAt, bloomBytes), probes),
            count,
            fenceStep);
    footer.checkEntries(file, start);
    return footer;
  }

  private void checkEntries(Path file, long start) throws CorruptFileException {
    for (int i = 0; i < count; i++) {
      SegmentEntry entry = entry(i);
      boolean valid =
          entry.position() >= SegmentFormat.FIRST_RECORD
              && entry.length() >= 1
              && entry.length() <= ChunkRecordFormat.MAX_CHUNK_BYTES
              && entry.position() <= start
              && entry.end() <= start
              && (i == 0 || entry(i - 1).id().compareTo(entry.id()) <= 0);
      if (!valid) {
        throw new CorruptFileException(
            file,
            start + HEAD_BYTES + (long) i * ENTRY_BYTES,
            "a chunk before " + start + " and in order",
            entry.toString());
      }
    }
  }

  /// How many chunks the segment holds.
  int count() {
    return count;
  }

  /// One of them, in order.
  SegmentEntry entry(int index) {
    int at = index * ENTRY_BYTES;
    return new SegmentEntry(
        ChunkId.readFrom(entries.slice(at, ChunkId.BYTES)),
        entries.getLong(at + ChunkId.BYTES),
        entries.getInt(at + ChunkId.BYTES + Long.BYTES));
  }

  /// Finds a chunk by filter, fences and one group of entries.
  Optional<SegmentEntry> find(ChunkId id) {
    if (count == 0 || !bloom.mayHold(id)) {
      return Optional.empty();
    }
    int group = lastFenceBelow(id.word0());
    for (int i = group * fenceStep; i < count; i++) {
      SegmentEntry entry = entry(i);
      int order = entry.id().compareTo(id);
      if (order >= 0) {
        return order == 0 ? Optional.of(entry) : Optional.empty();
      }
    }
    return Optional.empty();
  }

  /// The last group whose first chunk lies below; else the first. (An equal fence may have equals
  /// before it.)
  private int lastFenceBelow(long word0) {
    int low = 0;
    int high = fences.capacity() / Long.BYTES;
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(fences.getLong(middle * Long.BYTES), word0) < 0) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static int fences(int count, int step) {
    return (int) (((long) count + step - 1) / step);
  }
}
