package skarb.node.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import skarb.node.disk.EncodedChunk;
import skarb.node.index.Index;
import skarb.node.index.IndexRebuild;
import skarb.node.index.Join;
import skarb.node.index.MemoryIndex;
import skarb.node.index.RowChanges;
import skarb.node.journal.CommitLog;
import skarb.node.model.ChunkPlace;
import skarb.v1.Dot;
import skarb.v1.Effect;
import skarb.v1.Entry;
import skarb.v1.EntryHeader;
import skarb.v1.JournalRecord;
import skarb.v1.UserSet;
import skarb.v1.UserValue;

class RecoveryTest {
  private final List<List<ByteString>> batches = new ArrayList<>();
  private ByteString lastHash = ByteString.EMPTY;
  private long sequence;

  @Test
  void anIndexThatIsBehindIsBroughtToTheEnd() throws IOException {
    write(10);
    Index reference = indexAt(10);
    MemoryIndex behind = indexAt(4);
    List<Long> progress = new ArrayList<>();
    Recovery.Recovered recovered =
        new Recovery(log(), new Indexes(behind), (batch, last) -> progress.add(batch)).recover();
    assertThat(recovered.index()).isSameAs(behind);
    assertThat(recovered.index().digest()).isEqualTo(reference.digest());
    assertThat(recovered.replayedBatches()).isEqualTo(6);
    assertThat(recovered.notes()).isEmpty();
    assertThat(progress).containsExactly(5L, 6L, 7L, 8L, 9L, 10L);
  }

  @Test
  void anEmptyIndexIsMadeAgainInOneGo() throws IOException {
    write(10);
    MemoryIndex empty = new MemoryIndex();
    MemoryIndex fresh = new MemoryIndex();
    Recovery.Recovered recovered =
        new Recovery(log(), new Indexes(empty, fresh), (batch, last) -> {}).recover();
    assertThat(recovered.index()).isSameAs(fresh);
    assertThat(recovered.index().digest()).isEqualTo(indexAt(10).digest());
    assertThat(recovered.replayedBatches()).isEqualTo(10);
    assertThat(recovered.notes()).isEmpty();
    assertThat(empty.appliedBatch()).isZero();
  }

  @Test
  void anEmptyJournalNeedsNothing() throws IOException {
    MemoryIndex empty = new MemoryIndex();
    Recovery.Recovered recovered =
        new Recovery(log(), new Indexes(empty), (batch, last) -> {}).recover();
    assertThat(recovered.index()).isSameAs(empty);
    assertThat(recovered.replayedBatches()).isZero();
  }

  @Test
  void progressIsALineEveryFewSecondsOfTheClockHandedIn() {
    long[] nanos = new long[1];
    List<String> lines = new ArrayList<>();
    ProgressLines progress = new ProgressLines(() -> nanos[0], lines::add);
    for (long batch = 1; batch <= 100; batch++) {
      nanos[0] += 100_000_000;
      progress.replayed(batch, 100);
    }
    assertThat(lines)
        .containsExactly(
            "making the index: batch 30 of 100 (30 %, about 7 s left)",
            "making the index: batch 60 of 100 (60 %, about 4 s left)",
            "making the index: batch 90 of 100 (90 %, about 1 s left)");
    lines.clear();
    for (long rows = 0; rows <= 40_000; rows += 10_000) {
      nanos[0] += 1_000_000_000;
      progress.loaded(rows, 40_000);
    }
    assertThat(lines)
        .containsExactly(
            "writing the index: row 10,000 of 40,000 (25 %, about 3 s left)",
            "writing the index: row 40,000 of 40,000 (100 %, about 0 s left)");
  }

  @Test
  void anIndexAtTheEndNeedsNothing() throws IOException {
    write(3);
    Recovery.Recovered recovered =
        new Recovery(log(), new Indexes(indexAt(3)), (batch, last) -> {}).recover();
    assertThat(recovered.replayedBatches()).isZero();
  }

  @Test
  void anIndexAheadOfTheJournalIsThrownAwayAndMadeAgain() throws IOException {
    write(10);
    MemoryIndex ahead = indexAt(10);
    batches.subList(7, 10).clear();
    Index expected = indexAt(7);
    MemoryIndex fresh = new MemoryIndex();
    Recovery.Recovered recovered =
        new Recovery(log(), new Indexes(ahead, fresh), (batch, last) -> {}).recover();
    assertThat(recovered.index()).isSameAs(fresh);
    assertThat(recovered.index().digest()).isEqualTo(expected.digest());
    assertThat(recovered.replayedBatches()).isEqualTo(7);
    assertThat(recovered.notes())
        .singleElement()
        .asString()
        .contains("The index held batch 10 and the journal ends with 7");
  }

  @Test
  void aJournalThatDoesNotHoldTogetherIsAnErrorThatNamesTheBatch() throws IOException {
    write(6);
    batches.remove(3);
    assertThatThrownBy(() ->
            new Recovery(log(), new Indexes(indexAt(2), new MemoryIndex()), (batch, last) -> {})
                .recover())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("batch 4 of the journal does not follow");
  }

  @Test
  void anIndexOfAnotherJournalIsMadeAgainFromThisOne() throws IOException {
    write(5);
    MemoryIndex another = indexAt(4);
    batches.clear();
    lastHash = ByteString.EMPTY;
    sequence = 0;
    write(6, "another");
    MemoryIndex fresh = new MemoryIndex();
    Recovery.Recovered recovered =
        new Recovery(log(), new Indexes(another, fresh), (b, last) -> {}).recover();
    assertThat(recovered.index()).isSameAs(fresh);
    assertThat(recovered.index().digest()).isEqualTo(indexAt(6).digest());
    assertThat(recovered.replayedBatches()).isEqualTo(6);
    assertThat(recovered.notes())
        .singleElement()
        .asString()
        .contains("The index is not of this journal (batch 5 of the journal does not follow");
  }

  private void write(int count) {
    write(count, "user");
  }

  private void write(int count, String user) {
    for (int i = 0; i < count; i++) {
      sequence++;
      ByteString entry =
          Entry.newBuilder()
              .setHeader(
                  EntryHeader.newBuilder()
                      .setDot(Dot.newBuilder().setOrigin(5).setSequence(sequence))
                      .setHlc(1_000 + sequence)
                      .setPreviousHash(lastHash))
              .addEffects(
                  Effect.newBuilder()
                      .setUserSet(
                          UserSet.newBuilder()
                              .setUserId(user + i)
                              .setUser(UserValue.getDefaultInstance())))
              .build()
              .toByteString();
      lastHash = Join.hash(entry);
      batches.add(List.of(JournalRecord.newBuilder().setEntry(entry).build().toByteString()));
    }
  }

  private MemoryIndex indexAt(int batch) {
    MemoryIndex index = new MemoryIndex();
    for (int i = 0; i < batch; i++) {
      RowChanges changes = new RowChanges(index);
      batches.get(i).forEach(record -> Join.replay(changes, record));
      index.apply(i + 1, changes);
    }
    return index;
  }

  private CommitLog log() {
    return new CommitLog() {
      @Override
      public List<ChunkPlace> append(
          long expectedBatch, List<ByteString> records, List<EncodedChunk> bodies) {
        throw new AssertionError("recovery appends nothing");
      }

      @Override
      public long lastBatch() {
        return batches.size();
      }

      @Override
      public void replay(long fromBatch, BatchConsumer consumer) throws IOException {
        for (long batch = fromBatch; batch <= batches.size(); batch++) {
          consumer.accept(batch, batches.get((int) batch - 1));
        }
      }

      @Override
      public void close() {}
    };
  }

  /// Hands out indexes in order, the first as the one that was left.
  private static final class Indexes implements Recovery.IndexSource {
    private final ArrayDeque<MemoryIndex> left;

    Indexes(MemoryIndex... indexes) {
      left = new ArrayDeque<>(List.of(indexes));
    }

    @Override
    public Index open() {
      return left.remove();
    }

    @Override
    public IndexRebuild recreate() {
      return left.remove();
    }
  }
}
