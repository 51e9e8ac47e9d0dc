package skarb.node.index;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// Answers of one finished file to gets and short scans, kept because they are asked for again and
/// again. The file never changes, so an answer is never out of date; with the file its answers go.
/// Memtables are asked first, as if this were the file.
///
/// What is kept is bounded: so many sets of two answers, each of at most 4 KiB, 32 MiB in all where
/// every one is as large as can be, and some 3 MiB in practice. Of a set the one that was used last
/// stays. An answer that there is nothing is not kept: every PUT of a new key asks for one.
///
/// For any thread, without a lock: answers are immutable, and one that is lost in a race is read
/// again.
final class HotRows {
  /// The most rows of an answer that is kept: what finding the current version of a key takes, and
  /// one more, which tells whether others follow.
  static final int MOST_ROWS = 9;

  private static final int SETS = 1 << 12;
  private static final int MOST_BYTES = 4 << 10;
  private static final int ROW_OVERHEAD_BYTES = 100;

  private final AtomicReferenceArray<@Nullable Answer> answers =
      new AtomicReferenceArray<>(2 * SETS);

  /// Rows that a file gave.
  ///
  /// @param from the key that was asked for, or where the scan began
  /// @param to where the scan would end; null for a get
  /// @param limit how many rows were asked for
  /// @param rows what came
  private record Answer(
      RowKey from, @Nullable RowKey to, int limit, List<IndexView.RowEntry> rows) {
    boolean isTo(RowKey otherFrom, @Nullable RowKey otherTo, int otherLimit) {
      return limit == otherLimit && from.equals(otherFrom) && Objects.equals(to, otherTo);
    }
  }

  /// The rows of an answer that is there, or null.
  @Nullable List<IndexView.RowEntry> find(RowKey from, @Nullable RowKey to, int limit) {
    int first = setOf(from, limit);
    Answer recent = answers.get(first);
    if (recent != null && recent.isTo(from, to, limit)) {
      return recent.rows();
    }
    Answer older = answers.get(first + 1);
    if (older == null || !older.isTo(from, to, limit)) {
      return null;
    }
    answers.set(first + 1, recent);
    answers.set(first, older);
    return older.rows();
  }

  /// Keeps an answer.
  void keep(RowKey from, @Nullable RowKey to, int limit, List<IndexView.RowEntry> rows) {
    if (rows.isEmpty() || bytes(rows) > MOST_BYTES) {
      return;
    }
    int first = setOf(from, limit);
    answers.set(first + 1, answers.get(first));
    answers.set(first, new Answer(from, to, limit, List.copyOf(rows)));
  }

  private static long bytes(List<IndexView.RowEntry> rows) {
    long bytes = 0;
    for (IndexView.RowEntry row : rows) {
      bytes += ROW_OVERHEAD_BYTES + row.key().bytes().length + row.value().length;
    }
    return bytes;
  }

  private static int setOf(RowKey from, int limit) {
    int hash = (from.hashCode() * 31 + limit) * 0x9e3779b9;
    return 2 * (hash >>> 20);
  }
}
