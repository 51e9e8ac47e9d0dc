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
import skarb.node.disk.FormatTooNewException;
import skarb.node.disk.FormatTooOldException;
import skarb.node.model.ChunkId;

/// Reads a segment through, record by record, and finds the whole ones.
///
/// 1. A record whose header, blocks and SHA-256 verify is whole; the next begins behind it.
/// 2. Where only the header verifies, its length is known: the next begins behind it all the same.
/// 3. Where the header does not verify, the rest of the file is searched for the magic of a record,
///    at every byte, the insides of found records included. Somebody may have stored a body that
///    contains records: they hold what their SHA-256 says, so finding them does no harm; but
///    stepping over one that claims to be long would hide the true ones.
/// 4. A record whose header verifies and that lies in the file to its last byte, but whose data
///    does not verify, is reported and kept: it may be a chunk with a rotten block, whose other
///    blocks are good, as well as a write that a power cut tore. Not being an entry, it is never
///    served.
/// 5. What lies behind the last record of either sort is the tail; what does not verify before that
///    is damage.
///
/// A read that fails is neither: a disk that stumbles once must not make whole records a torn tail.
/// It ends the scan with an error.
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
  ///
  /// @throws IOException if it cannot be read somewhere; names the file and the place
  /// @throws FormatTooNewException if a record is of a later release, where a record is due
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
        addBroken(record.get());
      }
      at = record.get().end();
    }
    return this;
  }

  /// The whole records.
  List<SegmentEntry> entries() {
    return entries;
  }

  /// The first byte after the last record that is whole, or broken and kept.
  long end() {
    return end;
  }

  /// What does not verify and is not of the tail.
  List<SegmentFinding> damage() {
    return suspects.stream().filter(suspect -> suspect.offset() < end).toList();
  }

  private void search(long from) throws IOException {
    for (long at = from; at < size; at += WINDOW_BYTES) {
      ByteBuffer window = ByteBuffer.allocate(WINDOW_BYTES + MAGIC.length - 1);
      readWindow(at, window);
      for (int i = 0; i + MAGIC.length <= window.limit(); i++) {
        if (isMagic(window, i)) {
          found(at + i);
        }
      }
    }
  }

  private void readWindow(long at, ByteBuffer window) throws IOException {
    try {
      FileReads.readUpTo(channel, at, window);
    } catch (IOException e) {
      throw unreadable(file, at, e);
    }
  }

  /// What begins with a record's magic need not be a record.
  private void found(long at) throws IOException {
    Optional<ChunkRecord> record;
    try {
      record = header(at);
    } catch (FormatTooNewException | FormatTooOldException e) {
      return; // no record is due here: somebody's body holds these bytes
    }
    if (record.isEmpty()) {
      return;
    }
    if (isWhole(record.get())) {
      add(record.get());
    } else if (at >= end) { // else it is part of a body that is whole
      addBroken(record.get());
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
    } catch (IOException e) {
      throw unreadable(file, at, e);
    }
  }

  private boolean isWhole(ChunkRecord record) throws IOException {
    if (record.end() > size) {
      return false;
    }
    sha256.reset();
    for (int block = 0; block < record.blockCount(); block++) {
      try {
        record.readBlock(channel, block, buffer.clear());
      } catch (CorruptFileException e) {
        return false;
      } catch (IOException e) {
        throw unreadable(file, record.blockPosition(block), e);
      }
      sha256.update(buffer);
    }
    return ChunkId.of(sha256.digest()).equals(record.id());
  }

  private void add(ChunkRecord record) {
    entries.add(new SegmentEntry(record.id(), record.position(), record.rawLength()));
    end = Math.max(end, record.end());
  }

  private void addBroken(ChunkRecord record) {
    suspects.add(suspect(record.position(), "chunk " + record.id() + " does not verify"));
    if (record.end() <= size) {
      end = Math.max(end, record.end());
    }
  }

  /// What to throw for a read that failed. A version that this release does not read stays what it
  /// is.
  static IOException unreadable(Path file, long at, IOException cause) {
    if (cause instanceof FormatTooNewException || cause instanceof FormatTooOldException) {
      return cause;
    }
    return new IOException(
        file
            + " at "
            + at
            + ": cannot be read: "
            + cause
            + ". Nothing was changed in this file. The way out: see to the disk, then start again;"
            + " where the place stays unreadable, put back this file from a copy, or move it away"
            + " and restore the chunks that are missed then from a backup or from another site.",
        cause);
  }

  private SegmentFinding suspect(long at, String what) {
    return new SegmentFinding(SegmentFinding.Kind.BROKEN_RECORD, file, at, what);
  }
}
