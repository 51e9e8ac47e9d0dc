package skarb.node.index;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RowChangesTest {
  private final MemoryIndex index = new MemoryIndex();

  @Test
  void whatAScanShowedIsNotLookedUpAgain() {
    IndexContract.put(index, 1, 3, 5);
    CountingView view = new CountingView(index);
    RowChanges changes = new RowChanges(view);

    assertThat(changes.scan(key(1), key(5), 10)).hasSize(2);
    assertThat(changes.get(key(3))).isNotNull();
    assertThat(changes.get(key(2))).isNull();
    assertThat(changes.get(key(4))).isNull();
    changes.put(key(4), new byte[0]);
    assertThat(changes.get(key(4))).isEmpty();
    assertThat(view.gets()).isZero();
    assertThat(changes.get(key(5))).isNotNull(); // behind the end
    assertThat(changes.get(key(6))).isNull();
    assertThat(view.gets()).isEqualTo(2);
  }

  @Test
  void aScanThatIsCutTellsOnlyOfWhatItRead() {
    IndexContract.put(index, 1, 3, 5);
    CountingView view = new CountingView(index);
    RowChanges changes = new RowChanges(view);

    assertThat(changes.scan(key(1), key(9), 2)).hasSize(2);
    assertThat(changes.get(key(2))).isNull();
    assertThat(view.gets()).isZero();
    assertThat(changes.get(key(5))).isNotNull();
    assertThat(changes.get(key(4))).isNull();
    assertThat(view.gets()).isEqualTo(2);
  }

  private static RowKey key(int value) {
    return IndexContract.key(value);
  }
}
