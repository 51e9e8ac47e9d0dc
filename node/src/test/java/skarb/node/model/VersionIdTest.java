package skarb.node.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import skarb.v1.ErrorReason;

class VersionIdTest {
  @Test
  void textsStayAsTheyWere() {
    EntryOrder order =
        new EntryOrder(new Hlc(0x0196_0000_0001_0002L), new OriginId(0x8899_aabb_ccdd_eeffL));
    assertThat(new VersionId.Stamped(order).text()).isEqualTo("fe69fffffffefffd7766554433221100");
    assertThat(VersionId.NULL.text()).isEqualTo("null");
  }

  @Test
  void newestSortsFirstAsText() {
    SplittableRandom random = new SplittableRandom(5);
    List<EntryOrder> orders = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      Hlc hlc = new Hlc(random.nextInt(3) == 0 ? random.nextLong() : random.nextInt(5));
      orders.add(new EntryOrder(hlc, new OriginId(random.nextLong())));
    }
    List<String> texts =
        orders.stream()
            .sorted(Comparator.reverseOrder())
            .map(order -> new VersionId.Stamped(order).text())
            .toList();
    assertThat(texts).isSorted();
    for (EntryOrder order : orders) {
      VersionId id = new VersionId.Stamped(order);
      assertThat(VersionId.parse(id.text())).isEqualTo(id);
    }
  }

  @Test
  void whatCannotBeAnIdIsRefused() {
    String some = "0123456789abcdef0123456789abcdef";
    for (String bad :
        List.of(
            "",
            "NULL",
            "null ",
            some + "0",
            some.substring(1),
            some.toUpperCase(java.util.Locale.ROOT),
            "é" + some.substring(1))) {
      assertThatThrownBy(() -> VersionId.parse(bad))
          .isInstanceOfSatisfying(
              NodeException.class,
              e -> {
                assertThat(e.reason()).isEqualTo(ErrorReason.ERROR_REASON_INVALID_VERSION_ID);
                assertThat(e.metadata()).containsEntry("version_id", bad);
              });
    }
  }
}
