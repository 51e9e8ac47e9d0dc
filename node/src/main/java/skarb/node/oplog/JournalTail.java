package skarb.node.oplog;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import skarb.node.index.LoggedEntry;
import skarb.node.journal.CommitLog;
import skarb.v1.JournalRecord;

/// Reads the entries of the journal in order: from memory where they are recent, else from the
/// journal's files in steps of some megabytes. Only what is durable is seen. Of one thread.
final class JournalTail {
  private static final int STEP_BYTES = 4 << 20;

  private final CommitLog log;
  private final RecentBatches recent;
  private final ArrayList<Batch> read = new ArrayList<>();
  private int at;
  private long next;

  /// @param from the first batch wanted
  JournalTail(CommitLog log, RecentBatches recent, long from) {
    this.log = log;
    this.recent = recent;
    this.next = from;
  }

  /// The entries of a batch.
  ///
  /// @param number the batch's number
  /// @param entries in order; local records are left out
  record Batch(long number, List<LoggedEntry> entries) {}

  /// The next batch, or null where there is none yet.
  ///
  /// @throws UncheckedIOException if the journal cannot be read
  @Nullable Batch poll() {
    if (at == read.size()) {
      read.clear();
      at = 0;
      fill();
    }
    return at == read.size() ? null : read.get(at++);
  }

  private void fill() {
    RecentBatches.Batch inMemory = recent.find(next);
    if (inMemory != null) {
      read.add(batch(next, inMemory.records()));
      next++;
      return;
    }
    if (next > recent.last()) {
      return;
    }
    long[] bytes = {0};
    long last = recent.last();
    try {
      log.replay(
          next,
          (number, records) -> {
            if (bytes[0] >= STEP_BYTES || number > last) {
              throw new EnoughException();
            }
            read.add(batch(number, records));
            records.forEach(record -> bytes[0] += record.size());
            next = number + 1;
          });
    } catch (EnoughException e) {
      // the rest comes with the next step
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Batch batch(long number, List<ByteString> records) {
    List<LoggedEntry> entries = new ArrayList<>();
    for (ByteString record : records) {
      try {
        JournalRecord parsed = JournalRecord.parseFrom(record);
        if (parsed.hasEntry()) {
          entries.add(LoggedEntry.parse(parsed.getEntry()));
        }
      } catch (InvalidProtocolBufferException e) {
        throw new IllegalStateException("batch " + number + " was written by us", e);
      }
    }
    return new Batch(number, entries);
  }

  /// Ends a step.
  private static final class EnoughException extends IOException {
    private static final long serialVersionUID = 1L;
  }
}
