package skarb.node.commit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import skarb.node.index.StateDigest;
import skarb.node.journal.JournalConfig;

/// The index is what the journal adds up to and nothing more: made again from it, on a real disk,
/// it has the same digest.
class IndexRebuildEqualsOriginalTest {
  private final ManualClock wall = new ManualClock(1_000_000);
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void afterRandomWritesOfEveryKindAndRestarts(long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    StateDigest left = StateDigest.EMPTY;
    for (int life = 0; life < 5; life++) {
      wall.advance(random.nextInt(2_000) - 1_000);
      try (DiskStore store =
          DiskStore.open(
              folder.resolve("journal"),
              PipelineHarness.seams(wall, random.split()),
              new JournalConfig(1 << 18, true))) {
        assertThat(store.index.digest()).as("seed %d, life %d", seed, life).isEqualTo(left);
        RandomMutations mutations = new RandomMutations(random.split(), 20);
        for (int i = 0; i < 200; i++) {
          Mutation mutation = random.nextInt(5) == 0 ? access(random) : mutations.next();
          store.pipeline.commitAll(List.of(Requests.carrying(mutation)));
          wall.advance(1);
        }
        left = store.index.digest();
      }
    }
    assertThat(left).isNotEqualTo(StateDigest.EMPTY);
  }

  private static Mutation access(SplittableRandom random) {
    String key = "K" + random.nextInt(4);
    return switch (random.nextInt(4)) {
      case 0 -> new Mutation.DeleteKey(key);
      case 1 -> new Mutation.SetKeyEnabled(key, random.nextBoolean());
      default -> Requests.createKey(key, "user" + random.nextInt(3));
    };
  }
}
