package skarb.node.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static skarb.node.segment.SegmentFixture.content;
import static skarb.node.segment.SegmentFixture.id;
import static skarb.node.segment.SegmentFixture.put;
import static skarb.node.segment.SegmentFixture.read;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import skarb.node.model.ChunkPlace;
import skarb.node.model.Seams;
import skarb.testkit.schedule.SeededScheduler;
import skarb.testkit.seed.Seeds;

/// The door for the collector: what it condemns is nobody's, in every order of events.
class CondemnTest {
  private static final int CHUNKS = 10;

  private final SegmentFixture fixture;

  CondemnTest() throws IOException {
    fixture = new SegmentFixture();
  }

  @Test
  void whatWasTouchedSinceTheMarkBeganIsNotCondemned() throws IOException {
    try (ChunkStore store = fixture.open()) {
      Pin before = put(store, content(1, 100));
      put(store, content(2, 100)).close();
      put(store, content(3, 100)).close();

      store.beginMark();
      before.close(); // its row may be new
      store.pin(id(content(2, 100))).orElseThrow().close();
      put(store, content(4, 100)).close();
      store.addPlace(id(content(5, 100)), new ChunkPlace(ChunkPlace.Home.JOURNAL, 1, 4096, 100));

      assertThat(store.condemn(id(content(3, 100)))).isTrue();
      for (int chunk : new int[] {1, 2, 4, 5}) {
        assertThat(store.condemn(id(content(chunk, 100)))).as("chunk " + chunk).isFalse();
      }
      store.beginMark();
      for (int chunk : new int[] {1, 2, 4, 5}) {
        assertThat(store.condemn(id(content(chunk, 100)))).as("chunk " + chunk).isTrue();
      }
    }
  }

  @Test
  void whatIsPutWhileItIsCondemnedIsWrittenAnewAndTouched() throws IOException {
    try (ChunkStore store = fixture.open()) {
      Pin first = put(store, content(1, 100));
      first.close();
      store.beginMark();
      assertThat(store.condemn(id(content(1, 100)))).isTrue();
      assertThat(store.pin(id(content(1, 100)))).isEmpty();

      Pin second = put(store, content(1, 100));
      second.close();

      assertThat(second.end()).isGreaterThan(first.end());
      assertThat(store.condemn(id(content(1, 100)))).isFalse();
    }
  }

  @Test
  void theCollectorDeletesNothingThatARowNamesInEveryOrderOfEvents() {
    // In one order or another the writers leave the collector nothing: over all seeds they must
    // not.
    long[] condemned = {0};
    Seeds.forEachFrom(
        1,
        100,
        (seed, random) -> {
          SegmentFixture disk =
              new SegmentFixture(new ChunkStoreConfig(2, 8_000, 1000, Duration.ofMinutes(10), 4));
          World world = new World(disk);
          try (SeededScheduler scheduler = new SeededScheduler(seed)) {
            Seams seams =
                new Seams(
                    scheduler.time(),
                    scheduler.time()::nanoTime,
                    scheduler.threads("node"),
                    scheduler.newTimer(),
                    new SplittableRandom(seed));
            disk.disk.beforeEach(operation -> scheduler.pause());
            scheduler.run(() -> {
              ChunkStore store = disk.open(seams);
              List<CompletableFuture<Void>> all = new ArrayList<>();
              for (int writer = 0; writer < 4; writer++) {
                SplittableRandom own = new SplittableRandom(seed * 31 + writer);
                all.add(
                    CompletableFuture.runAsync(
                        () -> world.write(store, scheduler, own), scheduler.executor()));
              }
              all.add(
                  CompletableFuture.runAsync(
                      () -> world.collect(store, scheduler), scheduler.executor()));
              all.forEach(CompletableFuture::join);
              world.check(store);
            });
          }
          disk.disk.crashLosingUnforced();
          try (ChunkStore store = disk.open()) {
            world.check(store);
          }
          condemned[0] += world.condemned;
        });
    assertThat(condemned[0]).isPositive();
  }

  /// Rows that name chunks, and who changes them. One thread of the simulation runs at a time, and
  /// lets others go on where it pauses.
  private static final class World {
    private final SegmentFixture fixture;
    private final TreeMap<Integer, Integer> rows = new TreeMap<>();
    private int condemned;

    World(SegmentFixture fixture) {
      this.fixture = fixture;
    }

    void write(ChunkStore store, SeededScheduler scheduler, RandomGenerator random) {
      for (int i = 0; i < 25; i++) {
        int key = random.nextInt(12);
        if (random.nextInt(3) == 0) {
          rows.remove(key);
          scheduler.pause();
          continue;
        }
        int chunk = random.nextInt(CHUNKS);
        Optional<Pin> found = random.nextBoolean() ? store.pin(id(chunk(chunk))) : Optional.empty();
        scheduler.pause();
        try (Pin pin = found.orElseGet(() -> put(store, chunk(chunk)))) {
          scheduler.pause();
          assertThat(store.condemn(id(chunk(chunk)))).isFalse();
          store.force(List.of(pin));
          scheduler.pause();
          rows.put(key, chunk); // committed and applied
          scheduler.pause();
        }
        scheduler.pause();
      }
    }

    void collect(ChunkStore store, SeededScheduler scheduler) {
      for (int round = 0; round < 6; round++) {
        store.beginMark();
        Set<Integer> live = new HashSet<>();
        for (int key = 0; key < 12; key++) {
          scheduler.pause(); // rows change while they are read
          Integer chunk = rows.get(key);
          if (chunk != null) {
            live.add(chunk);
          }
        }
        for (int chunk = 0; chunk < CHUNKS; chunk++) {
          scheduler.pause();
          if (!live.contains(chunk)) {
            condemn(store, scheduler, chunk);
          }
        }
      }
    }

    private void condemn(ChunkStore store, SeededScheduler scheduler, int chunk) {
      Optional<ChunkPlace> place = store.place(id(chunk(chunk)));
      if (place.isEmpty() || !store.condemn(id(chunk(chunk)))) {
        return;
      }
      condemned++;
      scheduler.pause();
      try { // deleted, as far as anybody can tell
        fixture.disk.flipBit(
            fixture.segment(place.get().file()), place.get().position() + 64 + chunk);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    void check(ChunkStore store) {
      rows.forEach((key, chunk) ->
          assertThat(read(store, chunk(chunk))).as("row " + key).isEqualTo(chunk(chunk)));
    }
  }

  private static byte[] chunk(int number) {
    return content(number, 700 + 10 * number);
  }
}
