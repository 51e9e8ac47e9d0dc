package skarb.node.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/// What was applied to an index, and what it knew after each batch: against this an index is held
/// that starts from whatever a crash left of its files.
final class IndexHistory {
  /// Batches as a journal would hold them.
  private final List<Map<RowKey, Optional<byte[]>>> journal = new ArrayList<>();

  private final List<IndexState> states = new ArrayList<>();

  /// An index in memory that has everything.
  private final MemoryIndex whole = new MemoryIndex();

  IndexHistory() {
    states.add(IndexState.EMPTY);
  }

  static MapDbIndex open(Path files, CheckpointSteps steps) throws IOException {
    return MapDbIndex.open(
        files, MapDbIndexTest.STORE, Thread.ofVirtual().factory(), MapDbIndexTest.LARGE, steps);
  }

  /// How many batches there are.
  int size() {
    return journal.size();
  }

  /// Applies random batches, and notes them.
  ///
  /// @param mostRows rows that a batch changes are fewer
  void write(SplittableRandom random, Index index, int batches, int mostRows) {
    for (int batch = 0; batch < batches; batch++) {
      RowChanges changes = new RowChanges(index);
      int rows = random.nextInt(mostRows);
      for (int i = 0; i < rows; i++) {
        byte[] key = new byte[3];
        random.nextBytes(key);
        key[0] = 1;
        key[1] &= 0x0f;
        if (random.nextInt(4) == 0) {
          changes.remove(new RowKey(key));
        } else {
          byte[] value = new byte[random.nextInt(120)];
          random.nextBytes(value);
          changes.put(new RowKey(key), value);
        }
      }
      index.apply(index.appliedBatch() + 1, changes);
      journal.add(changes.changes());
      replay(whole, journal.size());
      states.add(new IndexState(journal.size(), index.rowCount(), index.digest()));
      assertThat(whole.digest()).isEqualTo(index.digest());
    }
  }

  /// Applies all batches to an index without any.
  void replayAll(Index index) {
    for (int batch = 1; batch <= journal.size(); batch++) {
      replay(index, batch);
    }
  }

  private void replay(Index index, int batch) {
    RowChanges changes = new RowChanges(index);
    journal
        .get(batch - 1)
        .forEach((key, value) ->
            value.ifPresentOrElse(bytes -> changes.put(key, bytes), () -> changes.remove(key)));
    index.apply(batch, changes);
  }

  /// Opens, compares, replays, checkpoints twice, so that both files are written, and opens again.
  ///
  /// @return the batch that was found
  long assertRecovers(SplittableRandom random, Path files) throws IOException {
    long found;
    try (MapDbIndex index = open(files, CheckpointSteps.NONE)) {
      found = index.appliedBatch();
      assertIsAt(index, found);
      index.verify();
      int checkpointAt = random.nextInt(journal.size());
      for (int batch = (int) found + 1; batch <= journal.size(); batch++) {
        replay(index, batch);
        if (batch == checkpointAt) {
          index.checkpoint();
        }
      }
      assertIsWhole(index);
      index.checkpoint();
      index.checkpoint();
      assertIsWhole(index);
      index.verify();
    }
    try (MapDbIndex index = open(files, CheckpointSteps.NONE)) {
      assertIsWhole(index);
    }
    return found;
  }

  /// Opens, compares and replays.
  ///
  /// @return the batch that was found
  long assertStarts(Path files) throws IOException {
    try (MapDbIndex index = open(files, CheckpointSteps.NONE)) {
      long found = index.appliedBatch();
      assertIsAt(index, found);
      for (int batch = (int) found + 1; batch <= journal.size(); batch++) {
        replay(index, batch);
      }
      assertIsWhole(index);
      return found;
    }
  }

  private void assertIsAt(Index index, long found) {
    IndexState expected = states.get((int) found);
    assertThat(new IndexState(found, index.rowCount(), index.digest())).isEqualTo(expected);
    StateDigest digest = StateDigest.EMPTY;
    List<IndexView.RowEntry> rows = Entries.rows(index);
    for (IndexView.RowEntry row : rows) {
      digest = digest.plus(row.key(), row.value());
    }
    assertThat(rows).hasSize((int) expected.rowCount());
    assertThat(digest).isEqualTo(expected.digest());
  }

  void assertIsWhole(Index index) {
    assertThat(index.appliedBatch()).isEqualTo(journal.size());
    assertThat(index.digest()).isEqualTo(whole.digest());
    assertThat(index.rowCount()).isEqualTo(whole.rowCount());
    assertThat(Entries.dump(index)).isEqualTo(Entries.dump(whole));
  }
}
