package skarb.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import skarb.testkit.seed.Seeds;

/// The same while faults never stop: no answer is wrong, and nothing that was acknowledged is
/// missing from its journal.
@Tag("simulation")
class SitesHostileTest {
  @Test
  void noAnswerIsWrongAndNoAcknowledgedWriteIsMissing() {
    History history = new History();
    Seeds.forEachFrom(
        1,
        18,
        (seed, random) -> {
          try (World world = new World(seed)) {
            world.scheduler.run(() -> history.hostile(world));
          }
        });
    System.out.println(history);
    assertThat(history.answers()).isPositive();
  }
}
