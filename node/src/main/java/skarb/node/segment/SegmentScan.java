package skarb.node.segment;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import skarb.node.disk.ChunkRecord;
import skarb.node.disk.ChunkRecordFormat;
import skarb.node.disk.CorruptFileException;
import skarb.node.disk.FileReads;
import skarb.node.model.ChunkId;

/// Reads a segment through, record by record, and finds the whole ones.
///
/// 1. A record whose header, blocks and SHA-256 verify is whole; the next begins behind it.
/// 2. Where only the header verifies, its length is known: the next begins behind it all the same.
/// 3. Where the header does not verify, the rest of the file is searched for the magic of a record,
///    at every byte, the insides of found records included. Somebody may have stored a body that
///    contains records: they hold what their SHA-256 says, so finding them does no harm; but
///    stepping over one that claims to be long would hide the true ones.
/// 4. What lies behind the last whole record is the tail; what lies between whole ones is damage.
///
/// One use, one thread.
final class SegmentScan {
  private static final int WINDOW_BYTES = 1 << 20;
  private static final byte[] MAGIC = {'S', 'k', 'C', 'k'};

  private final FileChannel channel;
  private final Path file;
  private final long size;
  private final MessageDigest sha256;
  private final ByteBuffer buffer = ByteBuffer.allocate(ChunkRecordFormat.BLOCK_BYTES);
  private final List<SegmentEntry> entries = new ArrayList<>();
  private final List<SegmentFinding> suspects = new ArrayList<>();
  private long end = SegmentFormat.FIRST_RECORD;

  SegmentScan(FileChannel channel, Path file) throws IOException {
    this.channel = channel;
    this.file = file;
    this.size = channel.size();
    try {
      this.sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /// Reads the segment through.
  SegmentScan run() throws IOException {
    long at = SegmentFormat.FIRST_RECORD;
    while (at < size) {
      Optional<ChunkRecord> record = header(at);
      if (record.isEmpty()) {
        suspects.add(suspect(at, "the header of a record does not verify"));
        search(at + 1);
        return this;
      }
      if (isWhole(record.get())) {
        add(record.get());
      } else {
        suspects.add(suspect(at, "chunk " + record.get().id() + " does not verify"));
      }
      at = record.get().end();
    }
    return this;
  }

  /// The whole records.
  List<SegmentEntry> entries() {
    return entries;
  }

  /// The first byte after the last whole record.
  long end() {
    return end;
  }

  /// What does not verify although something behind it does.
  List<SegmentFinding> damage() {
    return suspects.stream().filter(suspect -> suspect.offset() < end).toList();
  }

  private void search(long from) throws IOException {
    for (long at = from; at < size; at += WINDOW_BYTES) {
      ByteBuffer window = ByteBuffer.allocate(WINDOW_BYTES + MAGIC.length - 1);
      FileReads.readUpTo(channel, at, window);
      for (int i = 0; i + MAGIC.length <= window.limit(); i++) {
        if (isMagic(window, i)) {
          Optional<ChunkRecord> record = header(at + i);
          if (record.isPresent() && isWhole(record.get())) {
            add(record.get());
          }
        }
      }
    }
  }

  private static boolean isMagic(ByteBuffer window, int at) {
    for (int i = 0; i < MAGIC.length; i++) {
      if (window.get(at + i) != MAGIC[i]) {
        return false;
      }
    }
    return true;
  }

  private Optional<ChunkRecord> header(long at) throws IOException {
    try {
      return Optional.of(ChunkRecordFormat.read(channel, file, at));
    } catch (CorruptFileException e) {
      return Optional.empty();
    }
  }

  private boolean isWhole(ChunkRecord record) {
    if (record.end() > size) {
      return false;
    }
    sha256.reset();
    try {
      for (int block = 0; block < record.blockCount(); block++) {
        record.readBlock(channel, block, buffer.clear());
        sha256.update(buffer);
      }
    } catch (IOException e) {
      return false; // CorruptFileException, or a sector that cannot be read
    }
    return ChunkId.of(sha256.digest()).equals(record.id());
  }

  private void add(ChunkRecord record) {
    entries.add(new SegmentEntry(record.id(), record.position(), record.rawLength()));
    end = Math.max(end, record.end());
  }

  private SegmentFinding suspect(long at, String what) {
    return new SegmentFinding(SegmentFinding.Kind.BROKEN_RECORD, file, at, what);
  }
}
