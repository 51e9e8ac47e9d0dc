package skarb.node.commit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skarb.node.index.StateDigest;
import skarb.node.journal.JournalConfig;
import skarb.testkit.seed.Seeds;

/// The index is what the journal adds up to and nothing more: made again from it, on a real disk,
/// it has the same digest.
class IndexRebuildEqualsOriginalTest {
  private final ManualClock wall = new ManualClock(1_000_000);
  @TempDir Path folder;

  @Test
  void afterRandomWritesOfEveryKindAndRestarts() {
    Seeds.forEach(
        3,
        (seed, random) -> {
          StateDigest left = StateDigest.EMPTY;
          for (int life = 0; life < 5; life++) {
            wall.advance(random.nextInt(2_000) - 1_000);
            left = life(folder.resolve("seed-" + seed), random, left);
          }
          assertThat(left).isNotEqualTo(StateDigest.EMPTY);
        });
  }

  private StateDigest life(Path journal, RandomGenerator random, StateDigest left)
      throws Exception {
    try (DiskStore store =
        DiskStore.open(
            journal, PipelineHarness.seams(wall, random), new JournalConfig(1 << 18, true))) {
      assertThat(store.index.digest()).isEqualTo(left);
      RandomMutations mutations = new RandomMutations(random, 20);
      for (int i = 0; i < 200; i++) {
        Mutation mutation = random.nextInt(5) == 0 ? access(random) : mutations.next();
        mutations.heard(
            mutation, store.pipeline.commitAll(List.of(Requests.carrying(mutation))).getFirst());
        wall.advance(1);
      }
      return store.index.digest();
    }
  }

  private static Mutation access(RandomGenerator random) {
    String key = "K" + random.nextInt(4);
    return switch (random.nextInt(4)) {
      case 0 -> new Mutation.DeleteKey(key);
      case 1 -> new Mutation.SetKeyEnabled(key, random.nextBoolean());
      default -> Requests.createKey(key, "user" + random.nextInt(3));
    };
  }
}
