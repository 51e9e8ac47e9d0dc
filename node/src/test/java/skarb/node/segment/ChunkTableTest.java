package skarb.node.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import skarb.node.model.ChunkId;
import skarb.node.model.ChunkPlace;
import skarb.node.segment.ChunkTable.State;
import skarb.testkit.seed.Seeds;

class ChunkTableTest {
  @Test
  void itIsAMap() {
    Seeds.forEach(
        20,
        (seed, random) -> {
          ChunkTable table = new ChunkTable(random.nextLong());
          Map<ChunkId, ChunkPlace> model = new HashMap<>();
          for (int i = 0; i < 30_000; i++) {
            ChunkId id =
                new ChunkId(random.nextLong(3000), random.nextLong(3), random.nextLong(3), 1);
            if (random.nextInt(3) == 0) {
              if (!Objects.equals(table.find(id).orElse(null), model.get(id))) {
                throw new AssertionError(id + ": " + table.find(id) + ", not " + model.get(id));
              }
            } else {
              ChunkPlace place =
                  new ChunkPlace(
                      random.nextBoolean() ? ChunkPlace.Home.JOURNAL : ChunkPlace.Home.SEGMENT,
                      random.nextLong(1L << 45),
                      random.nextLong(1L << 40),
                      1 + random.nextInt(4 << 20));
              table.put(id, place);
              model.put(id, place);
            }
          }
          assertThat(table.size()).isEqualTo(model.size());
          model.forEach((id, place) -> {
            assertThat(table.find(id)).contains(place);
            assertThat(table.findPresent(id)).contains(place);
          });
        });
  }

  @Test
  void condemnedAndDamagedChunksAreNotPresentUntilTheyArePutAgain() {
    ChunkTable table = new ChunkTable(1);
    ChunkId id = new ChunkId(1, 2, 3, 4);
    ChunkPlace place = new ChunkPlace(ChunkPlace.Home.SEGMENT, 5, 64, 4 << 20);
    assertThatThrownBy(() -> table.setState(id, State.DAMAGED))
        .isInstanceOf(IllegalArgumentException.class);
    table.touch(id, 9); // nothing to touch
    table.put(id, place);
    for (State state : new State[] {State.CONDEMNED, State.DAMAGED}) {
      table.setState(id, state);
      assertThat(table.findPresent(id)).isEmpty();
      assertThat(table.find(id)).contains(place);

      ChunkPlace again = new ChunkPlace(ChunkPlace.Home.JOURNAL, 6, 4096, 17);
      table.put(id, again);
      assertThat(table.findPresent(id)).contains(again);
      table.put(id, place);
    }
    assertThat(table.size()).isEqualTo(1);
  }

  @Test
  void theMarkThatTouchedAChunkStaysWithIt() {
    ChunkTable table = new ChunkTable(1);
    ChunkId id = new ChunkId(1, 2, 3, 4);
    ChunkPlace place = new ChunkPlace(ChunkPlace.Home.SEGMENT, (1L << 45) - 1, 64, 4 << 20);
    table.put(id, place);
    assertThat(table.lastTouched(id)).isZero();
    for (int mark : new int[] {1, ChunkTable.MAX_MARK, 7}) {
      table.touch(id, mark);
      assertThat(table.lastTouched(id)).isEqualTo(mark);
      assertThat(table.findPresent(id)).contains(place);
      table.setState(id, State.CONDEMNED);
      assertThat(table.lastTouched(id)).isEqualTo(mark);
      assertThat(table.findPresent(id)).isEmpty();
      table.put(id, place);
      assertThat(table.lastTouched(id)).isEqualTo(mark);
    }
  }

  @Test
  void aMillionChunksTakeLessThan80Megabytes() {
    ChunkTable table = new ChunkTable(1);
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < 1_000_000; i++) {
      table.put(
          new ChunkId(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong()),
          new ChunkPlace(ChunkPlace.Home.SEGMENT, 1, i, 1));
    }

    assertThat(table.memoryBytes()).isLessThan(60_000_000);
  }
}
