package skarb.node.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// What every index keeps to.
abstract class IndexContract {
  static final RowKey LOWEST = new RowKey(new byte[0]);
  static final RowKey HIGHEST = new RowKey(new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff});

  /// A new index without rows. Whoever extends this closes it.
  abstract Index open() throws Exception;

  /// Something that must not be visible happens now: a checkpoint, for an index that has them.
  void disturb(Index index, SplittableRandom random) {}

  @Test
  void beginsWithoutRows() throws Exception {
    try (Index index = open()) {
      assertThat(index.appliedBatch()).isZero();
      assertThat(index.checkpointBatch()).isZero();
      assertThat(index.rowCount()).isZero();
      assertThat(index.digest()).isEqualTo(StateDigest.EMPTY);
      assertThat(index.get(key(1))).isNull();
      assertThat(index.seek(LOWEST, HIGHEST)).isNull();
      assertThat(index.scan(LOWEST, HIGHEST, 10)).isEmpty();
    }
  }

  @Test
  void batchesComeInOrder() throws Exception {
    try (Index index = open()) {
      index.apply(1, new RowChanges(index));
      assertThatThrownBy(() -> index.apply(1, new RowChanges(index)))
          .isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> index.apply(3, new RowChanges(index)))
          .isInstanceOf(IllegalStateException.class);
      assertThat(index.appliedBatch()).isEqualTo(1);
    }
  }

  @Test
  void rangesTakeTheirStartAndLeaveOutTheirEnd() throws Exception {
    try (Index index = open()) {
      put(index, 1, 2, 3, 4);

      assertThat(keys(index.scan(key(2), key(4), 10))).containsExactly(key(2), key(3));
      assertThat(keys(index.scan(key(2), key(4), 1))).containsExactly(key(2));
      assertThat(keys(index.scan(IndexKeys.after(key(2)), HIGHEST, 10)))
          .containsExactly(key(3), key(4));
      assertThat(index.scan(key(4), key(2), 10)).isEmpty();
      assertThat(index.scan(key(2), key(2), 10)).isEmpty();
      assertThat(index.scan(key(1), key(4), 0)).isEmpty();
      assertThat(Objects.requireNonNull(index.seek(key(4), HIGHEST)).key()).isEqualTo(key(4));
      assertThat(index.seek(key(5), HIGHEST)).isNull();
      assertThat(index.seek(IndexKeys.after(key(1)), key(2))).isNull();
    }
  }

  @Test
  void aRemovedRowIsGoneUntilItIsSetAgain() throws Exception {
    try (Index index = open()) {
      put(index, 1, 2, 3);
      StateDigest before = index.digest();
      RowChanges removal = new RowChanges(index);
      removal.remove(key(2));
      removal.remove(key(9));
      index.apply(index.appliedBatch() + 1, removal);

      assertThat(index.get(key(2))).isNull();
      assertThat(keys(index.scan(LOWEST, HIGHEST, 10))).containsExactly(key(1), key(3));
      assertThat(index.rowCount()).isEqualTo(2);
      put(index, 2);
      assertThat(index.digest()).isEqualTo(before);
    }
  }

  @Test
  void anEmptyValueIsARow() throws Exception {
    try (Index index = open()) {
      RowChanges changes = new RowChanges(index);
      changes.put(key(1), new byte[0]);
      index.apply(1, changes);

      assertThat(index.get(key(1))).isEmpty();
      assertThat(index.rowCount()).isEqualTo(1);
      assertThat(index.scan(LOWEST, HIGHEST, 10)).hasSize(1);
    }
  }

  @Test
  void keysAreComparedAsUnsignedBytes() throws Exception {
    try (Index index = open()) {
      put(index, 0x7f, 0x80, 0xff, 0);

      assertThat(keys(index.scan(LOWEST, HIGHEST, 10)))
          .containsExactly(key(0), key(0x7f), key(0x80), key(0xff));
    }
  }

  @Test
  void behavesAsASortedMap() throws Exception {
    SplittableRandom random = Seed.random(getClass().getSimpleName() + ".behavesAsASortedMap");
    NavigableMap<RowKey, byte[]> model = new TreeMap<>();
    try (Index index = open()) {
      for (int batch = 1; batch <= 400; batch++) {
        change(random, index, model);
        if (random.nextInt(10) == 0) {
          disturb(index, random);
        }
        compare(random, index, model);
      }
      assertThat(index.scan(LOWEST, HIGHEST, Integer.MAX_VALUE)).hasSize(model.size());
    }
  }

  @Test
  void aScanAndAGetWithinABatchSeeItsChanges() throws Exception {
    SplittableRandom random = Seed.random("aScanAndAGetWithinABatchSeeItsChanges");
    NavigableMap<RowKey, byte[]> model = new TreeMap<>();
    try (Index index = open()) {
      for (int batch = 1; batch <= 100; batch++) {
        RowChanges changes = new RowChanges(index);
        for (int i = 0; i < 10; i++) {
          changeOne(random, changes, model);
          compareReads(random, changes, model);
        }
        index.apply(batch, changes);
      }
    }
  }

  @Test
  void readersSeeEachRowWholeWhileBatchesAreApplied() throws Exception {
    SplittableRandom random = Seed.random("readersSeeEachRowWholeWhileBatchesAreApplied");
    try (Index index = open()) {
      put(index, 0);
      AtomicBoolean stop = new AtomicBoolean();
      AtomicReference<Throwable> failure = new AtomicReference<>();
      List<Thread> readers = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        readers.add(
            Thread
                .ofPlatform() // they never block, so as virtual ones they would let nobody else run
                .start(() -> {
                  try {
                    while (!stop.get()) {
                      readStableRows(index);
                    }
                  } catch (Throwable e) {
                    failure.set(e);
                  }
                }));
      }
      for (int batch = 0; batch < 300 && failure.get() == null; batch++) {
        RowChanges changes = new RowChanges(index);
        for (int i = 0; i < 50; i++) {
          // Key 0 stays, and every batch writes it in full.
          changes.put(key(0), filled(batch));
          changeOne(random, changes, new TreeMap<>());
        }
        index.apply(index.appliedBatch() + 1, changes);
        if (batch % 20 == 0) {
          disturb(index, random);
        }
      }
      stop.set(true);
      for (Thread reader : readers) {
        reader.join();
      }
      assertThat(failure.get()).isNull();
    }
  }

  private static void readStableRows(Index index) {
    byte[] value = Objects.requireNonNull(index.get(key(0)));
    for (byte next : value) {
      assertThat(next).isEqualTo(value[0]);
    }
    List<IndexView.RowEntry> rows = index.scan(LOWEST, HIGHEST, 64);
    assertThat(rows.getFirst().key()).isEqualTo(key(0));
    for (int i = 1; i < rows.size(); i++) {
      assertThat(rows.get(i).key()).isGreaterThan(rows.get(i - 1).key());
    }
  }

  static void change(SplittableRandom random, Index index, NavigableMap<RowKey, byte[]> model) {
    RowChanges changes = new RowChanges(index);
    int size = random.nextInt(30);
    for (int i = 0; i < size; i++) {
      changeOne(random, changes, model);
    }
    index.apply(index.appliedBatch() + 1, changes);
  }

  private static void changeOne(
      SplittableRandom random, RowChanges changes, Map<RowKey, byte[]> model) {
    RowKey key = randomKey(random);
    if (random.nextInt(3) == 0) {
      changes.remove(key);
      model.remove(key);
    } else {
      byte[] value = new byte[random.nextInt(200)];
      random.nextBytes(value);
      changes.put(key, value);
      model.put(key, value);
    }
  }

  static void compare(SplittableRandom random, Index index, NavigableMap<RowKey, byte[]> model) {
    compareReads(random, index, model);
    StateDigest digest = StateDigest.EMPTY;
    for (Map.Entry<RowKey, byte[]> row : model.entrySet()) {
      digest = digest.plus(row.getKey(), row.getValue());
    }
    assertThat(index.digest()).isEqualTo(digest);
    assertThat(index.rowCount()).isEqualTo(model.size());
  }

  private static void compareReads(
      SplittableRandom random, IndexView view, NavigableMap<RowKey, byte[]> model) {
    for (int i = 0; i < 5; i++) {
      RowKey key = randomKey(random);
      assertThat(view.get(key)).isEqualTo(model.get(key));
      RowKey from = randomKey(random);
      RowKey to = randomKey(random);
      int limit = random.nextInt(20);
      List<IndexView.RowEntry> expected =
          from.compareTo(to) >= 0
              ? List.of()
              : model.subMap(from, true, to, false).entrySet().stream()
                  .limit(limit)
                  .map(row -> new IndexView.RowEntry(row.getKey(), row.getValue()))
                  .toList();
      List<IndexView.RowEntry> rows = view.scan(from, to, limit);
      assertThat(keys(rows)).isEqualTo(keys(expected));
      for (int j = 0; j < rows.size(); j++) {
        assertThat(rows.get(j).value()).isEqualTo(expected.get(j).value());
      }
      IndexView.RowEntry first = view.seek(from, to);
      assertThat(Optional.ofNullable(first).map(IndexView.RowEntry::key))
          .isEqualTo(
              Optional.ofNullable(model.ceilingKey(from)).filter(next -> next.compareTo(to) < 0));
    }
  }

  private static RowKey randomKey(SplittableRandom random) {
    byte[] key = new byte[2 + random.nextInt(2)];
    random.nextBytes(key);
    key[0] = (byte) (1 + random.nextInt(4));
    key[1] &= 0x1f;
    return new RowKey(key);
  }

  static void put(Index index, int... keys) {
    RowChanges changes = new RowChanges(index);
    for (int key : keys) {
      changes.put(key(key), filled(key));
    }
    index.apply(index.appliedBatch() + 1, changes);
  }

  static RowKey key(int value) {
    return new RowKey(new byte[] {(byte) value});
  }

  private static byte[] filled(int value) {
    byte[] bytes = new byte[100];
    java.util.Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private static List<RowKey> keys(List<IndexView.RowEntry> rows) {
    return rows.stream().map(IndexView.RowEntry::key).toList();
  }
}
