package skarb.node.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static skarb.node.commit.PipelineHarness.await;
import static skarb.node.commit.Requests.createBucket;
import static skarb.node.commit.Requests.put;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import skarb.node.model.NodeException;
import skarb.node.model.SiteId;
import skarb.v1.ErrorReason;

class CommitBackPressureTest {
  private static CommitConfig bounds(int queuedMutations, int queuedBytes, int waiters) {
    return new CommitConfig(
        new SiteId(7),
        "test",
        1024,
        8 << 20,
        queuedMutations,
        queuedBytes,
        waiters,
        Duration.ofSeconds(60));
  }

  @Test
  void aFullQueueLetsCallersWaitAndPastTheBoundTurnsThemAway() throws Exception {
    try (PipelineHarness node = new PipelineHarness(bounds(4, 1 << 20, 3))) {
      node.commit(createBucket());
      node.log.awaitForceBegun();
      node.log.holdForces();
      List<FutureTask<Committed>> admitted = new ArrayList<>();
      admitted.add(node.start(put("first", "v")));
      node.log.awaitForceBegun();
      for (int i = 0; i < 7; i++) {
        admitted.add(node.start(put("k" + i, "v")));
      }
      await(() -> node.pipeline.queued() == 4 && node.pipeline.waiting() == 3);
      assertThatThrownBy(() -> node.commit(put("late", "v")))
          .isInstanceOfSatisfying(
              NodeException.class,
              e -> assertThat(e.reason()).isEqualTo(ErrorReason.ERROR_REASON_OVERLOADED));
      assertThat(node.released.get()).isEqualTo(2); // the bucket's, and the one turned away
      node.log.letAllForcesGo();
      for (FutureTask<Committed> each : admitted) {
        assertThat(each.get().written()).isPresent();
      }
    }
  }

  @Test
  void theQueueIsBoundedByBytesToo() throws Exception {
    int each = (int) Requests.submission(put("k0", "v")).estimatedBytes();
    try (PipelineHarness node = new PipelineHarness(bounds(1_000, 3 * each, 10))) {
      node.commit(createBucket());
      node.log.awaitForceBegun();
      node.log.holdForces();
      List<FutureTask<Committed>> all = new ArrayList<>();
      all.add(node.start(put("first", "v")));
      node.log.awaitForceBegun();
      for (int i = 0; i < 5; i++) {
        all.add(node.start(put("k" + i, "v")));
      }
      await(() -> node.pipeline.queued() + node.pipeline.waiting() == 5);
      assertThat(node.pipeline.queued()).isEqualTo(3);
      node.log.letAllForcesGo();
      for (FutureTask<Committed> write : all) {
        write.get();
      }
    }
  }

  @Test
  void whatIsLargerThanTheQueueGoesInWhenItIsEmpty() throws Exception {
    try (PipelineHarness node = new PipelineHarness(bounds(4, 1 << 20, 3))) {
      node.commit(createBucket());
      List<Submission> many = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        many.add(node.counted(put("k" + i, "v")));
      }
      assertThat(node.pipeline.commitAll(many))
          .hasSize(100)
          .allMatch(Outcome.Done.class::isInstance);
    }
  }

  @Test
  void whoWaitsForRoomWhenWritesStopIsToldSo() throws Exception {
    try (PipelineHarness node = new PipelineHarness(bounds(1, 1 << 20, 10))) {
      node.commit(createBucket());
      node.log.awaitForceBegun();
      node.log.holdForces();
      node.log.failForces();
      List<FutureTask<List<Outcome>>> all = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        Submission put = node.counted(put("k" + i, "v"));
        all.add(node.start(() -> node.pipeline.commitAll(List.of(put))));
      }
      await(() -> node.pipeline.queued() == 1 && node.pipeline.waiting() == 6);
      node.log.letAllForcesGo();
      for (FutureTask<List<Outcome>> each : all) {
        assertThat(CommitPipelineFailureTest.reasons(each.get()).getFirst())
            .contains(ErrorReason.ERROR_REASON_READ_ONLY);
      }
    }
  }
}
