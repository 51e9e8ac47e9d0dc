package skarb.node.commit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import skarb.node.index.Index;
import skarb.node.index.MemoryIndex;
import skarb.node.model.SiteId;
import skarb.node.recovery.Recovery;
import skarb.testkit.model.Answer;
import skarb.testkit.model.Written;
import skarb.testkit.seed.Seeds;

/// Random histories with restarts against a model.
class CommitHistoryTest {
  private static final int KEYS = 5;

  private final ManualClock wall = new ManualClock(1_000_000);
  private MemoryCommitLog log = new MemoryCommitLog();
  private MutationModel model = new MutationModel();

  @Test
  void everyAnswerAndTheStateAreTheModels() {
    Seeds.forEach(
        8,
        (seed, random) -> {
          log = new MemoryCommitLog();
          model = new MutationModel();
          RandomMutations mutations = new RandomMutations(random, KEYS);
          Index index = new MemoryIndex();
          for (int start = 0; start < 5; start++) {
            life(index, mutations, random);
            wall.advance(random.nextInt(2_000) - 1_000);
            index = rebuiltLike(index);
          }
        });
  }

  private void life(Index index, RandomMutations mutations, RandomGenerator random)
      throws Exception {
    try (CommitPipeline pipeline =
        new CommitPipeline(
            PipelineHarness.seams(wall, random),
            CommitConfig.of(new SiteId(7), "test"),
            log,
            index,
            (chunk, place) -> {})) {
      for (int step = 0; step < 100; step++) {
        wall.advance(random.nextInt(3) - 1);
        commitSome(pipeline, mutations, 1 + random.nextInt(6));
        assertThat(MutationModel.read(index)).isEqualTo(model.buckets());
      }
    }
  }

  private void commitSome(CommitPipeline pipeline, RandomMutations mutations, int count) {
    List<Mutation> group = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      group.add(mutations.next());
    }
    List<Outcome> outcomes = pipeline.commitAll(group.stream().map(Requests::submission).toList());
    for (int i = 0; i < count; i++) {
      Answer<Written> answer = MutationModel.answer(outcomes.get(i));
      assertThat(answer)
          .as("%s", group.get(i))
          .isEqualTo(model.perform(group.get(i), MutationModel.idIn(answer)));
      mutations.heard(group.get(i), outcomes.get(i));
    }
  }

  private Index rebuiltLike(Index index) throws Exception {
    MemoryIndex rebuilt = new MemoryIndex();
    Recovery.IndexSource source =
        new Recovery.IndexSource() {
          @Override
          public Index open() {
            return rebuilt;
          }

          @Override
          public MemoryIndex recreate() {
            return rebuilt;
          }
        };
    new Recovery(log, source, (batch, last) -> {}).recover();
    assertThat(rebuilt.digest()).isEqualTo(index.digest());
    assertThat(rebuilt.rowCount()).isEqualTo(index.rowCount());
    return rebuilt;
  }
}
