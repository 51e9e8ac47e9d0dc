package skarb.node.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class HotRowsTest {
  private final HotRows hot = new HotRows();

  @Test
  void anAnswerIsFoundUnderItsWholeQuestion() {
    List<IndexView.RowEntry> rows = List.of(row(1, 10), row(2, 10));
    hot.keep(key(1), key(9), 3, rows);
    hot.keep(key(1), null, 1, rows.subList(0, 1));

    assertThat(hot.find(key(1), key(9), 3)).isEqualTo(rows);
    assertThat(hot.find(key(1), null, 1)).hasSize(1);
    assertThat(hot.find(key(1), key(8), 3)).isNull();
    assertThat(hot.find(key(1), key(9), 2)).isNull();
    assertThat(hot.find(key(2), null, 1)).isNull();
  }

  @Test
  void nothingAndTooMuchAreNotKept() {
    hot.keep(key(1), null, 1, List.of());
    hot.keep(key(2), null, 1, List.of(row(2, 5_000)));

    assertThat(hot.find(key(1), null, 1)).isNull();
    assertThat(hot.find(key(2), null, 1)).isNull();
  }

  @Test
  void itStaysWithinItsBoundAndKeepsWhatIsUsed() {
    RowKey used = key(1);
    hot.keep(used, null, 1, List.of(row(1, 10)));
    int found = 0;
    for (int i = 2; i < 100_000; i++) {
      hot.keep(key(i), null, 1, List.of(row(i, 10)));
      assertThat(hot.find(used, null, 1)).isNotNull();
    }
    for (int i = 2; i < 100_000; i++) {
      found += hot.find(key(i), null, 1) != null ? 1 : 0;
    }
    assertThat(found).isBetween(4_000, 8_192);
  }

  private static IndexView.RowEntry row(int key, int bytes) {
    return new IndexView.RowEntry(key(key), new byte[bytes]);
  }

  private static RowKey key(int value) {
    return new RowKey(new byte[] {(byte) (value >> 16), (byte) (value >> 8), (byte) value});
  }
}
