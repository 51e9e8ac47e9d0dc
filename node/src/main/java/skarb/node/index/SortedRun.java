package skarb.node.index;

import com.google.common.hash.BloomFilter;
import com.google.common.hash.Funnels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;
import skarb.node.disk.Checksums;
import skarb.node.disk.CorruptFileException;
import skarb.node.disk.FileReads;

/// Sorted rows in a scratch file, removed ones included: what a rebuild keeps outside of memory. It
/// is read by the process that wrote it alone, never forced, and deleted when it is closed; so it
/// has no header and no version, but every block has a checksum that is checked when it is read.
///
/// ```
///   block:  | length (4) | CRC-32C (4) | rows ...                       |   about 16 KiB
///   row:    | key length (4) | value length (4), -1: removed | key | value |
/// ```
///
/// In memory it takes 10 bits a row for the filter, by which most gets of rows that it does not
/// have read nothing, and the first key of each block. Of one thread.
final class SortedRun implements AutoCloseable {
  private static final int BLOCK_BYTES = 16 << 10;
  private static final int BLOCK_HEADER_BYTES = 8;
  private static final int ROW_HEADER_BYTES = 8;
  private static final int REMOVED = -1;
  private static final double FALSE_POSITIVES = 0.01;

  private final Path file;
  private final FileChannel channel;
  private final BloomFilter<byte[]> filter;
  private final long rows;
  private final List<RowKey> firstKeys = new ArrayList<>();
  private final List<Long> positions = new ArrayList<>();

  @SuppressWarnings("MustBeClosedChecker") // the run closes it
  private SortedRun(Path file, long rows) throws IOException {
    this.file = file;
    this.rows = rows;
    this.filter = BloomFilter.create(Funnels.byteArrayFunnel(), Math.max(rows, 1), FALSE_POSITIVES);
    this.channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  /// Writes rows to a new file.
  ///
  /// @param sorted the rows
  /// @param atMost no fewer than there are
  static SortedRun write(Path file, Iterator<Map.Entry<RowKey, byte[]>> sorted, long atMost)
      throws IOException {
    SortedRun run = new SortedRun(file, atMost);
    try {
      run.fill(sorted);
      return run;
    } catch (IOException | RuntimeException e) {
      run.close();
      throw e;
    }
  }

  private void fill(Iterator<Map.Entry<RowKey, byte[]>> sorted) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(2 * BLOCK_BYTES).position(BLOCK_HEADER_BYTES);
    while (sorted.hasNext()) {
      Map.Entry<RowKey, byte[]> row = sorted.next();
      byte[] key = row.getKey().bytes();
      boolean removed = Memtable.isRemoved(row.getValue());
      int bytes = ROW_HEADER_BYTES + key.length + row.getValue().length;
      if (block.position() > BLOCK_HEADER_BYTES && block.position() + bytes > BLOCK_BYTES) {
        append(block);
      }
      if (block.remaining() < bytes) {
        block =
            ByteBuffer.allocate(BLOCK_HEADER_BYTES + bytes)
                .put(0, block.array(), 0, BLOCK_HEADER_BYTES)
                .position(BLOCK_HEADER_BYTES);
      }
      if (block.position() == BLOCK_HEADER_BYTES) {
        firstKeys.add(row.getKey());
        positions.add(channel.position());
      }
      block.putInt(key.length).putInt(removed ? REMOVED : row.getValue().length);
      block.put(key).put(row.getValue());
      filter.put(key);
    }
    if (block.position() > BLOCK_HEADER_BYTES) {
      append(block);
    }
  }

  /// Writes a block and begins the next one.
  private void append(ByteBuffer block) throws IOException {
    block.flip();
    int length = block.limit() - BLOCK_HEADER_BYTES;
    block.putInt(0, length);
    block.putInt(4, Checksums.crc32c(block.slice(BLOCK_HEADER_BYTES, length)));
    while (block.hasRemaining()) {
      channel.write(block);
    }
    block.clear().position(BLOCK_HEADER_BYTES);
  }

  /// No fewer than the rows that it has.
  long rows() {
    return rows;
  }

  /// The value, [Memtable#REMOVED], or null where it says nothing about a row.
  byte @Nullable [] get(RowKey key) {
    if (!filter.mightContain(key.bytes())) {
      return null;
    }
    int block = blockOf(key);
    if (block < 0) {
      return null;
    }
    ByteBuffer rowsOfBlock = read(block);
    while (rowsOfBlock.hasRemaining()) {
      Map.Entry<RowKey, byte[]> row = next(rowsOfBlock);
      int order = row.getKey().compareTo(key);
      if (order >= 0) {
        return order == 0 ? row.getValue() : null;
      }
    }
    return null;
  }

  /// The rows of a range; removed ones too.
  Iterator<Map.Entry<RowKey, byte[]>> range(RowKey from, RowKey to) {
    return new Rows(from, to);
  }

  /// All rows; removed ones too.
  Iterator<Map.Entry<RowKey, byte[]>> all() {
    return new Rows(null, null);
  }

  /// The last block that begins at or before a key; negative where there is none.
  private int blockOf(RowKey key) {
    int found = Collections.binarySearch(firstKeys, key);
    return found >= 0 ? found : -found - 2;
  }

  private ByteBuffer read(int block) {
    try {
      long position = positions.get(block);
      ByteBuffer header = ByteBuffer.allocate(BLOCK_HEADER_BYTES);
      FileReads.readFully(channel, file, position, header);
      int length = header.getInt();
      long end = block + 1 < positions.size() ? positions.get(block + 1) : channel.size();
      if (length != end - position - BLOCK_HEADER_BYTES) {
        throw new CorruptFileException(
            file, position, end - position - BLOCK_HEADER_BYTES + " bytes", length + "");
      }
      ByteBuffer bytes = ByteBuffer.allocate(length);
      FileReads.readFully(channel, file, position + BLOCK_HEADER_BYTES, bytes);
      int expected = header.getInt();
      int found = Checksums.crc32c(bytes.duplicate());
      if (expected != found) {
        throw new CorruptFileException(
            file, position, "CRC-32C " + Checksums.hex(expected), Checksums.hex(found));
      }
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map.Entry<RowKey, byte[]> next(ByteBuffer block) {
    byte[] key = new byte[block.getInt()];
    int length = block.getInt();
    block.get(key);
    if (length == REMOVED) {
      return Map.entry(new RowKey(key), Memtable.REMOVED);
    }
    byte[] value = new byte[length];
    block.get(value);
    return Map.entry(new RowKey(key), value);
  }

  /// Closes and deletes it. Idempotent.
  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(file);
  }

  /// Goes through the rows of a range, or all where it has no bounds, block by block.
  private final class Rows implements Iterator<Map.Entry<RowKey, byte[]>> {
    private final @Nullable RowKey to;
    private int block;
    private ByteBuffer bytes = ByteBuffer.allocate(0);
    private Map.@Nullable Entry<RowKey, byte[]> next;

    Rows(@Nullable RowKey from, @Nullable RowKey to) {
      this.to = to;
      block = from == null ? 0 : Math.max(0, blockOf(from));
      advance();
      while (from != null && next != null && next.getKey().compareTo(from) < 0) {
        advance();
      }
    }

    private void advance() {
      if (!bytes.hasRemaining() && block < positions.size()) {
        bytes = read(block++);
      }
      next = bytes.hasRemaining() ? SortedRun.next(bytes) : null;
      if (next != null && to != null && next.getKey().compareTo(to) >= 0) {
        next = null;
      }
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public Map.Entry<RowKey, byte[]> next() {
      Map.Entry<RowKey, byte[]> row = next;
      if (row == null) {
        throw new NoSuchElementException();
      }
      advance();
      return row;
    }
  }
}
