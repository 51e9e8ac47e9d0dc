package skarb.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import skarb.testkit.seed.Seeds;

/// Two to four sites, one of which is put back to an earlier state of its disk amid all faults: it
/// is noticed, and the others lose nothing.
@Tag("simulation")
class SitesPutBackTest {
  @Test
  void aDiskThatIsPutBackIsNoticedAndNothingIsLostElsewhere() {
    PutBackHistory history = new PutBackHistory();
    Seeds.forEachFrom(
        1,
        12,
        (seed, random) -> {
          try (World world = new World(seed)) {
            world.scheduler.run(() -> history.play(world));
          }
        });
    System.out.println(history);
    assertThat(history.noticed()).isPositive();
  }
}
