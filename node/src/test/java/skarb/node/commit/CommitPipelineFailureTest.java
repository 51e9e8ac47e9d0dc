package skarb.node.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static skarb.node.commit.PipelineHarness.await;
import static skarb.node.commit.Requests.createBucket;
import static skarb.node.commit.Requests.put;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import skarb.node.index.StateDigest;
import skarb.node.model.NodeException;
import skarb.v1.ErrorReason;

class CommitPipelineFailureTest {

  @Test
  void aRejectionWaitsForTheForceOfWhatItLookedAt() throws Exception {
    try (PipelineHarness node = new PipelineHarness()) {
      node.log.holdForces();
      FutureTask<List<Outcome>> both =
          node.start(() ->
              node.pipeline.commitAll(
                  List.of(node.counted(createBucket()), node.counted(createBucket()))));
      node.log.awaitForceBegun();
      assertThat(both.isDone()).isFalse();
      node.log.letForceGo();
      assertThat(reasons(both.get()))
          .containsExactly(
              Optional.empty(), Optional.of(ErrorReason.ERROR_REASON_BUCKET_ALREADY_OWNED_BY_YOU));
    }
  }

  @Test
  void aBatchOfRejectionsAloneNeedsNoForce() throws Exception {
    try (PipelineHarness node = new PipelineHarness()) {
      node.commit(createBucket());
      assertThatThrownBy(() -> node.commit(createBucket())).isInstanceOf(NodeException.class);
      assertThat(node.log.batches()).hasSize(1);
      assertThat(node.pipeline.counts()).isEqualTo(new CommitCounts(1, 1, 1));
    }
  }

  @Test
  void afterAFailedForceNobodyEverWritesAgain() throws Exception {
    try (PipelineHarness node = new PipelineHarness()) {
      node.commit(createBucket());
      StateDigest before = node.index.digest();
      node.log.awaitForceBegun();
      node.log.holdForces();
      node.log.failForces();
      FutureTask<List<Outcome>> inBatch =
          node.start(() ->
              node.pipeline.commitAll(
                  List.of(node.counted(put("k", "v")), node.counted(createBucket()))));
      node.log.awaitForceBegun();
      List<FutureTask<List<Outcome>>> waiting = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        String key = "k" + i;
        waiting.add(
            node.start(() -> node.pipeline.commitAll(List.of(node.counted(put(key, "v"))))));
      }
      await(() -> node.pipeline.queued() == 20);
      node.log.letAllForcesGo();

      Optional<ErrorReason> readOnly = Optional.of(ErrorReason.ERROR_REASON_READ_ONLY);
      assertThat(reasons(inBatch.get())).containsExactly(readOnly, readOnly);
      for (FutureTask<List<Outcome>> each : waiting) {
        assertThat(reasons(each.get())).containsExactly(readOnly);
      }
      assertThat(reasons(node.pipeline.commitAll(List.of(node.counted(put("late", "v"))))))
          .containsExactly(readOnly);
      assertThat(node.pipeline.stopped()).isPresent();
      assertThat(node.log.batches()).hasSize(1);
      assertThat(node.index.digest()).isEqualTo(before);
      // The bucket, the rejection, 20 that waited and the late one; not the put whose fate is open.
      assertThat(node.released.get()).isEqualTo(23);
      node.pipeline.close();
      assertThat(node.log.isClosed()).isTrue();
      assertThat(node.log.isSealed()).isFalse();
    }
  }

  @Test
  void aFaultOfOursFailsItsMutationAndStopsWritesWithoutWritingAnything() throws Exception {
    try (PipelineHarness node = new PipelineHarness()) {
      node.commit(Requests.createKey("K", "ann"));
      Mutation.CreateKey key = Requests.createKey("K", "ann");
      Mutation faulty =
          new Mutation.CreateKey(
              "K",
              key.key(),
              key.newUser(),
              existing -> {
                throw new IllegalStateException("a fault");
              });
      List<Outcome> outcomes =
          node.pipeline.commitAll(
              List.of(
                  node.counted(createBucket()), node.counted(faulty), node.counted(put("k", "v"))));
      assertThat(reasons(outcomes))
          .containsExactly(
              Optional.of(ErrorReason.ERROR_REASON_READ_ONLY),
              Optional.of(ErrorReason.ERROR_REASON_INTERNAL),
              Optional.of(ErrorReason.ERROR_REASON_READ_ONLY));
      assertThat(node.log.batches()).hasSize(1);
      assertThat(node.released.get()).isEqualTo(4);
      assertThat(reasons(node.pipeline.commitAll(List.of(node.counted(createBucket())))))
          .containsExactly(Optional.of(ErrorReason.ERROR_REASON_READ_ONLY));
    }
  }

  @Test
  void anIndexThatHasFailedLetsNothingBeWritten() throws Exception {
    AtomicReference<RefusingIndex> index = new AtomicReference<>();
    try (PipelineHarness node =
        new PipelineHarness(memory -> {
          index.set(new RefusingIndex(memory));
          return index.get();
        })) {
      node.commit(createBucket());
      index.get().fail();
      assertThat(reasons(node.pipeline.commitAll(List.of(node.counted(put("k", "v"))))))
          .containsExactly(Optional.of(ErrorReason.ERROR_REASON_READ_ONLY));
      assertThat(node.log.batches()).hasSize(1);
    }
  }

  @Test
  void anErrorWhilePinsEndLetsNobodyWaitForEver() throws Exception {
    try (PipelineHarness node = new PipelineHarness()) {
      Submission faulty =
          new Submission(
              createBucket(),
              Optional.empty(),
              List.of(),
              () -> {
                throw new AssertionError("no pin");
              });
      assertThat(node.pipeline.commit(faulty).written()).isPresent();
      assertThat(reasons(node.pipeline.commitAll(List.of(node.counted(put("k", "v"))))))
          .containsExactly(Optional.of(ErrorReason.ERROR_REASON_READ_ONLY));
    }
  }

  @Test
  void anInterruptDoesNotHideWhatBecameOfAWrite() throws Exception {
    try (PipelineHarness node = new PipelineHarness()) {
      FutureTask<Boolean> write =
          node.start(() -> {
            Thread.currentThread().interrupt();
            boolean written = node.commit(createBucket()).written().isPresent();
            return written && Thread.interrupted();
          });
      assertThat(write.get()).isTrue();
    }
  }

  static List<Optional<ErrorReason>> reasons(List<Outcome> outcomes) {
    return outcomes.stream()
        .map(outcome ->
            outcome instanceof Outcome.Failed(NodeException reason)
                ? Optional.of(reason.reason())
                : Optional.<ErrorReason>empty())
        .toList();
  }
}
