package skarb.node.commit;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import skarb.node.index.Index;
import skarb.node.index.MemoryIndex;
import skarb.node.model.Seams;
import skarb.node.model.SiteId;

/// A pipeline on a log in memory, with callers on virtual threads.
final class PipelineHarness implements AutoCloseable {
  final ManualClock wall = new ManualClock(1_000_000);
  final MemoryCommitLog log = new MemoryCommitLog();
  final MemoryIndex index = new MemoryIndex();
  final AtomicInteger released = new AtomicInteger();
  final CommitPipeline pipeline;

  PipelineHarness() {
    this(CommitConfig.of(new SiteId(7), "test"));
  }

  PipelineHarness(CommitConfig config) {
    this(config, (chunk, place) -> {});
  }

  PipelineHarness(CommitConfig config, BodyPlaces places) {
    pipeline = new CommitPipeline(seams(wall, new SplittableRandom(1)), config, log, index, places);
  }

  /// On an index that wraps [#index].
  PipelineHarness(UnaryOperator<Index> wrapped) {
    pipeline =
        new CommitPipeline(
            seams(wall, new SplittableRandom(1)),
            CommitConfig.of(new SiteId(7), "test"),
            log,
            wrapped.apply(index),
            (chunk, place) -> {});
  }

  static Seams seams(ManualClock wall, RandomGenerator random) {
    ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(0);
    return new Seams(wall, () -> 0, Thread.ofVirtual().factory(), timer, random);
  }

  /// Commits on a thread of its own.
  FutureTask<Committed> start(Mutation mutation) {
    return start(() -> pipeline.commit(counted(mutation)));
  }

  <T> FutureTask<T> start(Callable<T> call) {
    FutureTask<T> task = new FutureTask<>(call);
    Thread.ofVirtual().start(task);
    return task;
  }

  Committed commit(Mutation mutation) {
    return pipeline.commit(counted(mutation));
  }

  /// A submission whose release is counted.
  Submission counted(Mutation mutation) {
    return new Submission(mutation, Optional.empty(), List.of(), released::incrementAndGet);
  }

  /// Waits for something that other threads are about to bring about.
  static void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      Thread.onSpinWait();
    }
  }

  @Override
  public void close() throws IOException {
    log.letAllForcesGo();
    pipeline.close();
  }
}
