package skarb.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PartSourceTest {
  private static final long MIB = 1 << 20;

  @Test
  void partsGrowWhereTenThousandWouldNotDo() {
    assertThat(PartSource.partSize(1, 8 * MIB)).isEqualTo(8 * MIB);
    assertThat(PartSource.partSize(80_000 * MIB, 8 * MIB)).isEqualTo(8 * MIB);
    assertThat(PartSource.partSize(80_000 * MIB + 1, 8 * MIB)).isEqualTo(9 * MIB);
    long terabytes = 40L << 40;
    long size = PartSource.partSize(terabytes, 8 * MIB);
    assertThat((terabytes + size - 1) / size).isLessThanOrEqualTo(10_000);
  }

  @Test
  void slicesCoverTheWholeOnce() throws IOException {
    List<String> slices = new ArrayList<>();
    PartSource source =
        PartSource.ofSlices(
            25,
            10,
            (position, length) -> {
              slices.add(position + "+" + length);
              return Body.Bytes.of(new byte[(int) length]);
            });
    while (source.next() != null) {}
    assertThat(slices).containsExactly("0+10", "10+10", "20+5");
  }

  @Test
  void streamEndsWhereItEnds() throws IOException {
    PartSource source =
        PartSource.ofGrowing(new ByteArrayInputStream(new byte[25]), new byte[10], 100);
    assertThat(lengths(source)).containsExactly(10L, 10L, 10L, 5L);
  }

  @Test
  void streamOfKnownLengthIsReadSoFarAndNoFarther() throws IOException {
    InputStream stream = new ByteArrayInputStream(new byte[100]);
    assertThat(lengths(PartSource.ofStream(stream, 10, 25))).containsExactly(10L, 10L, 5L);
    assertThat(stream.available()).isEqualTo(75);
  }

  @Test
  void streamThatIsTooShortFails() {
    PartSource source = PartSource.ofStream(new ByteArrayInputStream(new byte[9]), 10, 25);
    assertThatThrownBy(source::next).isInstanceOf(EOFException.class);
  }

  @Test
  void streamOfTooManyPartsFails() {
    PartSource source =
        PartSource.ofGrowing(new ByteArrayInputStream(new byte[10_000]), new byte[1], 1);
    assertThatThrownBy(() -> lengths(source))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("10,000 parts");
  }

  @Test
  void partsOfAnEndlessStreamGrowUpToALimit() throws IOException {
    InputStream stream = new ByteArrayInputStream(new byte[500 + 1000 + 1500 + 1]);
    List<Long> lengths = lengths(PartSource.ofGrowing(stream, new byte[1], 3));
    assertThat(lengths.subList(0, 500)).containsOnly(1L);
    assertThat(lengths.subList(500, 1000)).containsOnly(2L);
    assertThat(lengths.subList(1000, 1500)).containsOnly(3L);
    assertThat(lengths.subList(1500, lengths.size())).containsExactly(2L);
  }

  @Test
  void tenThousandGrowingPartsHoldTheLargestObject() {
    long whole = 0;
    for (int number = 1; number <= PartSource.MOST_PARTS; number++) {
      int size = PartSource.grownSize((int) (8 * MIB), number, Uploads.MOST_GROWN_BYTES);
      assertThat((long) size).isBetween(8 * MIB, Uploads.MOST_GROWN_BYTES);
      whole += size;
    }
    assertThat(whole).isGreaterThanOrEqualTo(5L << 40);
    assertThat(PartSource.grownSize(1 << 30, 10_000, 5)).isEqualTo(1 << 30);
  }

  private static List<Long> lengths(PartSource source) throws IOException {
    List<Long> lengths = new ArrayList<>();
    for (Body part = source.next(); part != null; part = source.next()) {
      lengths.add(part.length());
    }
    return lengths;
  }
}
