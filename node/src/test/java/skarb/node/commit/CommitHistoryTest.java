package skarb.node.commit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import skarb.node.index.Index;
import skarb.node.index.MemoryIndex;
import skarb.node.model.SiteId;
import skarb.node.recovery.Recovery;
import skarb.v1.ErrorReason;

/// Random histories with restarts against a model.
class CommitHistoryTest {
  private static final int KEYS = 5;

  private final ManualClock wall = new ManualClock(1_000_000);
  private final MemoryCommitLog log = new MemoryCommitLog();
  private final MutationModel model = new MutationModel();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyAnswerAndTheStateAreTheModels(long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    RandomMutations mutations = new RandomMutations(random.split(), KEYS);
    Index index = new MemoryIndex();
    for (int start = 0; start < 5; start++) {
      try (CommitPipeline pipeline =
          new CommitPipeline(
              PipelineHarness.seams(wall, random.split()),
              CommitConfig.of(new SiteId(7), "test"),
              log,
              index,
              (chunk, place) -> {})) {
        for (int step = 0; step < 100; step++) {
          wall.advance(random.nextInt(3) - 1);
          commitSome(pipeline, mutations, 1 + random.nextInt(6), "seed " + seed);
          assertThat(MutationModel.read(index, KEYS))
              .as("seed %d, start %d, step %d", seed, start, step)
              .isEqualTo(model.buckets());
        }
      }
      wall.advance(random.nextInt(2_000) - 1_000);
      index = rebuiltLike(index, "seed " + seed);
    }
  }

  private void commitSome(
      CommitPipeline pipeline, RandomMutations mutations, int count, String where) {
    List<Submission> submissions = new ArrayList<>();
    List<Optional<ErrorReason>> expected = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Mutation mutation = mutations.next();
      submissions.add(Requests.submission(mutation));
      expected.add(model.perform(mutation));
    }
    assertThat(CommitPipelineFailureTest.reasons(pipeline.commitAll(submissions)))
        .as("%s: %s", where, submissions)
        .isEqualTo(expected);
  }

  private Index rebuiltLike(Index index, String where) throws Exception {
    Index rebuilt = new MemoryIndex();
    Recovery.IndexSource source =
        new Recovery.IndexSource() {
          @Override
          public Index open() {
            return rebuilt;
          }

          @Override
          public Index recreate() {
            throw new AssertionError("nothing to throw away");
          }
        };
    new Recovery(log, source, (batch, last) -> {}).recover();
    assertThat(rebuilt.digest()).as(where).isEqualTo(index.digest());
    assertThat(rebuilt.rowCount()).as(where).isEqualTo(index.rowCount());
    return rebuilt;
  }
}
