package skarb.node.commit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import skarb.node.index.StateDigest;

/// The proof that simulations stand on: real, blocking code under the seeded scheduler goes the
/// same way for the same seed, however often, and another way for another seed.
class CommitDeterminismTest {

  /// Everything that could tell two runs apart.
  private record Trace(
      long choices,
      long steps,
      List<String> events,
      List<String> diskOperations,
      StateDigest digest,
      CommitCounts counts) {}

  @Test
  void oneSeedGivesOneTraceOverAHundredRuns() {
    Trace first = run(42);
    for (int i = 1; i < 100; i++) {
      assertThat(run(42)).isEqualTo(first);
    }
  }

  @Test
  void anotherSeedGivesAnotherTrace() {
    Set<Long> choices = new HashSet<>();
    for (long seed = 1; seed <= 20; seed++) {
      choices.add(run(seed).choices());
    }
    assertThat(choices).hasSize(20);
  }

  @Test
  void writersShareForces() {
    assertThat(run(42).counts())
        .satisfies(counts -> assertThat(counts.batches()).isLessThan(counts.writes()));
  }

  private static Trace run(long seed) {
    DiskStore[] store = new DiskStore[1];
    try (CommitSimulation world = new CommitSimulation(seed)) {
      world.scheduler.run(() -> {
        store[0] = world.open();
        world.write(store[0], (opened, number) -> write(world, opened, seed, number));
        store[0].close();
      });
      return new Trace(
          world.scheduler.traceHash(),
          world.scheduler.steps(),
          world.scheduler.events(),
          world.disk.trace(),
          store[0].index.digest(),
          store[0].pipeline.counts());
    }
  }

  private static void write(CommitSimulation world, DiskStore store, long seed, int number) {
    RandomMutations mutations = new RandomMutations(new SplittableRandom(seed * 100 + number), 3);
    for (int i = 0; i < 12; i++) {
      Mutation mutation = mutations.next();
      Outcome outcome = store.pipeline.commitAll(List.of(Requests.carrying(mutation))).getFirst();
      mutations.heard(mutation, outcome);
      world.scheduler.trace(
          switch (outcome) {
            case Outcome.Done(Committed committed) -> committed.written().toString();
            case Outcome.Failed(var reason) -> reason.reason().toString();
          });
      world.pass(Duration.ofMillis(1));
    }
  }
}
