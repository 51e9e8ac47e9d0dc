package skarb.node.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static skarb.node.commit.PipelineHarness.await;
import static skarb.node.commit.Requests.createBucket;
import static skarb.node.commit.Requests.delete;
import static skarb.node.commit.Requests.put;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import skarb.node.disk.ChunkRecordFormat;
import skarb.node.disk.EncodedChunk;
import skarb.node.index.Catalog;
import skarb.node.model.ChunkId;
import skarb.node.model.ChunkPlace;
import skarb.node.model.ObjectKey;
import skarb.node.model.SiteId;

class CommitPipelineGroupCommitTest {

  @Test
  void aloneAWriteCostsOneForce() throws Exception {
    try (PipelineHarness node = new PipelineHarness()) {
      node.commit(createBucket());
      node.commit(put("k", "v"));
      assertThat(node.log.batches()).hasSize(2);
      assertThat(node.pipeline.counts()).isEqualTo(new CommitCounts(2, 2, 0));
    }
  }

  @Test
  void whoComesDuringAForceSharesTheNext() throws Exception {
    try (PipelineHarness node = new PipelineHarness()) {
      node.commit(createBucket());
      node.log.awaitForceBegun();
      node.log.holdForces();
      FutureTask<Committed> first = node.start(put("first", "v"));
      node.log.awaitForceBegun();
      List<FutureTask<Committed>> others = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        others.add(node.start(put("k" + i, "v")));
      }
      await(() -> node.pipeline.queued() == 64);
      node.log.letAllForcesGo();
      first.get();
      for (FutureTask<Committed> other : others) {
        other.get();
      }
      assertThat(node.log.batches()).hasSize(3); // the bucket, the first, all others
    }
  }

  @Test
  void nobodyIsAnsweredAndNothingIsSeenBeforeTheForce() throws Exception {
    try (PipelineHarness node = new PipelineHarness()) {
      node.commit(createBucket());
      node.log.awaitForceBegun();
      node.log.holdForces();
      FutureTask<Committed> write = node.start(put("k", "v"));
      node.log.awaitForceBegun();
      assertThat(write.isDone()).isFalse();
      assertThat(node.released.get()).isEqualTo(1);
      assertThat(isVisible(node, "k")).isFalse();
      node.log.letForceGo();
      write.get();
      assertThat(isVisible(node, "k")).isTrue();
      assertThat(node.released.get()).isEqualTo(2);
    }
  }

  @Test
  void aMutationIsJudgedByThoseBeforeItInItsBatch() throws Exception {
    try (PipelineHarness node = new PipelineHarness()) {
      node.commit(createBucket());
      List<Outcome> outcomes =
          node.pipeline.commitAll(
              List.of(
                  node.counted(put("k", "v", Requests.ifNoneMatch("*"))),
                  node.counted(put("k", "w", Requests.ifNoneMatch("*"))),
                  node.counted(delete("k")),
                  node.counted(put("k", "x", Requests.ifNoneMatch("*")))));
      assertThat(outcomes)
          .map(outcome -> outcome instanceof Outcome.Done)
          .containsExactly(true, false, true, true);
      assertThat(node.log.batches()).hasSize(2);
      assertThat(node.released.get()).isEqualTo(5);
    }
  }

  @Test
  void aBatchHasItsBounds() throws Exception {
    CommitConfig bounds = CommitConfig.of(new SiteId(7), "test");
    CommitConfig small =
        new CommitConfig(bounds.site(), "test", 10, 8 << 20, 4096, 32 << 20, 10, bounds.maxAhead());
    try (PipelineHarness node = new PipelineHarness(small)) {
      node.commit(createBucket());
      List<Submission> puts = new ArrayList<>();
      for (int i = 0; i < 95; i++) {
        puts.add(node.counted(put("k" + i, "v")));
      }
      node.pipeline.commitAll(puts);
      assertThat(node.log.batches()).hasSize(11);
    }
  }

  @Test
  void placesOfBodiesAreToldBeforeTheirRowsAreSeen() throws Exception {
    Map<ChunkId, ChunkPlace> places = new ConcurrentHashMap<>();
    List<Boolean> seen = new ArrayList<>();
    PipelineHarness[] holder = new PipelineHarness[1];
    try (PipelineHarness node =
        new PipelineHarness(
            CommitConfig.of(new SiteId(7), "test"),
            (chunk, place) -> {
              places.put(chunk, place);
              seen.add(isVisible(holder[0], "k"));
            })) {
      holder[0] = node;
      node.commit(createBucket());
      EncodedChunk body =
          ChunkRecordFormat.encode(
              new ChunkId(1, 2, 3, 4), List.of(ByteBuffer.wrap(new byte[] {1, 2, 3})));
      node.pipeline.commit(
          new Submission(put("k", "v"), Optional.empty(), List.of(body), () -> {}));
      assertThat(places)
          .containsExactly(
              Map.entry(body.id(), new ChunkPlace(ChunkPlace.Home.JOURNAL, 1, 2_000, 3)));
      assertThat(seen).containsExactly(false);
    }
  }

  @Test
  void bodiesOfRejectedWritesAreNotWritten() throws Exception {
    List<ChunkId> placed = new ArrayList<>();
    try (PipelineHarness node =
        new PipelineHarness(
            CommitConfig.of(new SiteId(7), "test"), (chunk, place) -> placed.add(chunk))) {
      EncodedChunk body =
          ChunkRecordFormat.encode(
              new ChunkId(1, 2, 3, 4), List.of(ByteBuffer.wrap(new byte[] {1, 2, 3})));
      List<Outcome> outcomes =
          node.pipeline.commitAll(
              List.of(
                  new Submission(put("k", "v"), Optional.empty(), List.of(body), () -> {}),
                  node.counted(createBucket())));
      assertThat(outcomes.getFirst()).isInstanceOf(Outcome.Failed.class);
      assertThat(placed).isEmpty();
    }
  }

  @Test
  void closingCommitsWhatWaitsAndSealsTheLog() throws Exception {
    PipelineHarness node = new PipelineHarness();
    node.commit(createBucket());
    node.log.awaitForceBegun();
    node.log.holdForces();
    FutureTask<Committed> first = node.start(put("a", "v"));
    node.log.awaitForceBegun();
    FutureTask<Committed> second = node.start(put("b", "v"));
    await(() -> node.pipeline.queued() == 1);
    FutureTask<Boolean> closing =
        node.start(() -> {
          node.pipeline.close();
          return true;
        });
    node.log.letAllForcesGo();
    closing.get();
    assertThat(first.get().written()).isPresent();
    assertThat(second.get().written()).isPresent();
    assertThat(node.log.isSealed()).isTrue();
    assertThat(node.pipeline.commitAll(List.of(node.counted(put("c", "v")))))
        .first()
        .isInstanceOfSatisfying(
            Outcome.Failed.class,
            failed ->
                assertThat(failed.reason().reason())
                    .isEqualTo(skarb.v1.ErrorReason.ERROR_REASON_SHUTTING_DOWN));
    assertThat(node.released.get()).isEqualTo(4);
    node.close();
  }

  private static boolean isVisible(PipelineHarness node, String key) {
    Catalog catalog = new Catalog(node.index);
    ByteString bytes = ObjectKey.of(key).bytes();
    return catalog
        .bucket("bucket")
        .map(bucket -> catalog.current(bucket.incarnation(), bytes).isPresent())
        .orElse(false);
  }
}
