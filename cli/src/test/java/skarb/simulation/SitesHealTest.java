package skarb.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import skarb.testkit.seed.Seeds;

/// Two to six sites under all faults, which then stop: everything converges, and nothing that was
/// acknowledged is lost.
@Tag("simulation")
class SitesHealTest {
  @Test
  void everythingConvergesAndNothingIsLost() {
    History history = new History();
    Seeds.forEachFrom(
        1,
        20,
        (seed, random) -> {
          try (World world = new World(seed)) {
            world.scheduler.run(() -> history.healing(world));
          }
        });
    System.out.println(history);
    assertThat(history.answers()).isPositive();
  }
}
