package skarb.testkit.seed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class SeedsTest {
  private final String seedBefore = System.getProperty("skarb.seed", "");
  private final String runsBefore = System.getProperty("skarb.runs", "");

  @BeforeEach
  void unset() {
    System.setProperty("skarb.seed", "");
    System.setProperty("skarb.runs", "");
  }

  @AfterEach
  void restore() {
    System.setProperty("skarb.seed", seedBefore);
    System.setProperty("skarb.runs", runsBefore);
  }

  @Test
  void eachRunHasASeedOfItsOwn() {
    TreeSet<Long> seeds = new TreeSet<>();
    Seeds.forEach(50, (seed, random) -> seeds.add(seed));
    assertThat(seeds).hasSize(50);
  }

  @Test
  void failureNamesTheSeedThatRepeatsIt() {
    List<Long> seeds = new ArrayList<>();
    List<Long> drawn = new ArrayList<>();
    Seeds.Body failsAtTheThird =
        (seed, random) -> {
          seeds.add(seed);
          drawn.add(random.nextLong());
          if (seeds.size() == 3) {
            throw new IllegalStateException("bug");
          }
        };
    assertThatThrownBy(() -> Seeds.forEach(50, failsAtTheThird))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("-Dskarb.seed=%d repeats it", seeds.get(2))
        .hasRootCauseMessage("bug");
    System.setProperty("skarb.seed", String.valueOf(seeds.get(2)));
    Seeds.forEach(50, failsAtTheThird);
    assertThat(seeds).hasSize(4);
    assertThat(drawn.get(3)).isEqualTo(drawn.get(2));
  }

  @Test
  void numberOfRunsCanBeAskedFor() {
    List<Long> seeds = new ArrayList<>();
    System.setProperty("skarb.runs", "7");
    Seeds.forEach(1, (seed, random) -> seeds.add(seed));
    assertThat(seeds).hasSize(7);
  }

  @Test
  void seedThatIsNoNumberIsRefused() {
    System.setProperty("skarb.seed", "abc");
    assertThatThrownBy(() -> Seeds.forEach(1, (seed, random) -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-Dskarb.seed=abc");
  }

  @Test
  void generatorDrawsTheSameNumbersForEver() {
    var random = Seeds.generator(42);
    assertThat(List.of(random.nextInt(1000), random.nextInt(1000), random.nextInt(1000)))
        .isEqualTo(List.of(31, 556, 481));
  }
}
