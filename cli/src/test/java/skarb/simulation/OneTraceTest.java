package skarb.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Whole sites replay bit for bit: else no seed that once failed could be looked into.
@Tag("simulation")
class OneTraceTest {
  private static final int RUNS = 100;

  private record Trace(long choices, long steps, List<String> events) {}

  @Test
  void oneSeedGivesOneTraceOfTwoSitesOverManyRuns() {
    Trace first = shortHistory(7);
    for (int i = 1; i < RUNS; i++) {
      assertThat(shortHistory(7)).isEqualTo(first);
    }
    assertThat(shortHistory(8).choices()).isNotEqualTo(first.choices());
  }

  @Test
  void aHistoryWithAllFaultsReplaysToo() {
    assertThat(wholeHistory(11)).isEqualTo(wholeHistory(11));
  }

  private static Trace shortHistory(long seed) {
    try (World world = new World(seed)) {
      world.scheduler.run(() -> {
        world.begin(2);
        Person ann = new Person(world, 0, World.ANN);
        Person too = new Person(world, 1, World.ANN);
        for (int i = 0; i < 5; i++) {
          ann.act();
          too.act();
        }
        world.lines.getFirst().cut();
        ann.act();
        world.lines.getFirst().mend();
        world.sleep(Duration.ofSeconds(5));
        world.awaitConvergence();
      });
      return trace(world);
    }
  }

  private static Trace wholeHistory(long seed) {
    try (World world = new World(seed)) {
      world.scheduler.run(() -> new History().healing(world));
      return trace(world);
    }
  }

  private static Trace trace(World world) {
    return new Trace(
        world.scheduler.traceHash(), world.scheduler.steps(), world.scheduler.events());
  }
}
