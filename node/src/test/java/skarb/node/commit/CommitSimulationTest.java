package skarb.node.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static skarb.node.commit.Requests.ANN;
import static skarb.node.commit.Requests.BUCKET;
import static skarb.node.commit.Requests.NONE;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import skarb.node.index.Catalog;
import skarb.node.model.ObjectKey;
import skarb.testkit.disk.SimulatedCrash;
import skarb.testkit.seed.Seeds;
import skarb.v1.ErrorReason;
import skarb.v1.WriteConditions;

/// Many writers at once, the power cut somewhere: each finds what it was told, or what it had just
/// asked for, and of those who race to create an object one alone was told that it did.
class CommitSimulationTest {
  private static final int ROUNDS = 15;

  /// What a writer knows of its own key.
  private static final class Memory {
    @Nullable String told;
    @Nullable String asked;
    boolean open;
  }

  @Test
  void whatWritersWereToldIsThereAfterAPowerCut() {
    AtomicInteger runs = new AtomicInteger();
    AtomicInteger struck = new AtomicInteger();
    Seeds.forEach(
        60,
        (seed, random) -> {
          try (CommitSimulation world = new CommitSimulation(seed)) {
            world.disk.crashAt(random.nextLong(1, 140));
            Memory[] memories = new Memory[CommitSimulation.WRITERS];
            NavigableMap<String, List<String>> winners = new TreeMap<>();
            world.scheduler.run(() -> life(world, memories, winners));
            runs.incrementAndGet();
            struck.addAndGet(world.disk.faultFired() ? 1 : 0);
            world.disk.crash(seed);
            world.scheduler.run(() -> check(world, memories, winners));
          }
        });
    // One seed alone, asked for, may be one whose writers end before the cut.
    assertThat(runs.get() == 1 || struck.get() * 2 >= runs.get()).isTrue();
  }

  private static void life(
      CommitSimulation world, Memory[] memories, NavigableMap<String, List<String>> winners)
      throws InterruptedException {
    DiskStore store;
    try {
      store = world.open();
    } catch (IOException | SimulatedCrash e) {
      return;
    }
    if (store.pipeline.commitAll(List.of(Requests.submission(Requests.createBucket()))).getFirst()
        instanceof Outcome.Done) {
      world.write(store, (opened, number) -> write(opened, number, memories, winners));
    }
    try {
      store.close();
    } catch (IOException | SimulatedCrash e) {
      assertThat(world.disk.faultFired()).isTrue();
    }
  }

  private static void write(
      DiskStore store, int number, Memory[] memories, NavigableMap<String, List<String>> winners) {
    Memory memory = new Memory();
    memories[number] = memory;
    for (int round = 0; round < ROUNDS; round++) {
      boolean deletes = round % 4 == 3;
      String content = "writer " + number + ", round " + round;
      memory.asked = deletes ? null : content;
      memory.open = true;
      Mutation own = deletes ? Requests.delete("own" + number) : put("own" + number, content, NONE);
      if (!isDone(store, own)) {
        return;
      }
      memory.told = memory.asked;
      memory.open = false;
      String shared = "shared" + round;
      if (isDone(store, put(shared, content, Requests.ifNoneMatch("*")))) {
        winners.computeIfAbsent(shared, absent -> new ArrayList<>()).add(content);
      }
    }
  }

  private static boolean isDone(DiskStore store, Mutation mutation) {
    return switch (store.pipeline.commitAll(List.of(Requests.carrying(mutation))).getFirst()) {
      case Outcome.Done _ -> true;
      case Outcome.Failed(var reason) -> {
        assertThat(reason.reason())
            .isIn(ErrorReason.ERROR_REASON_READ_ONLY, ErrorReason.ERROR_REASON_PRECONDITION_FAILED);
        yield false;
      }
    };
  }

  private static Mutation put(String key, String content, WriteConditions conditions) {
    return new Mutation.PutObject(
        ANN, BUCKET, ObjectKey.of(key), Requests.body(content), conditions);
  }

  private static void check(
      CommitSimulation world, Memory[] memories, NavigableMap<String, List<String>> winners)
      throws IOException {
    try (DiskStore store = world.open()) {
      for (int number = 0; number < memories.length; number++) {
        Memory memory = memories[number];
        if (memory != null) {
          String found = contentOf(store, "own" + number);
          assertThat(found).isIn(memory.told, memory.open ? memory.asked : memory.told);
          if (found != null) {
            assertThat(store.read(Requests.chunkId(found))).asString().isEqualTo(found);
          }
        }
      }
      winners.forEach(
          (key, contents) -> assertThat(contents).containsExactly(contentOf(store, key)));
    }
  }

  private static @Nullable String contentOf(DiskStore store, String key) {
    Catalog catalog = new Catalog(store.index);
    return catalog
        .bucket(BUCKET.value())
        .flatMap(bucket -> catalog.current(bucket.incarnation(), ObjectKey.of(key).bytes()))
        .map(version -> version.body().getAttributes().getUserMetadata(0).getValue())
        .orElse(null);
  }
}
