package skarb.node.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static skarb.node.segment.SegmentFixture.content;
import static skarb.node.segment.SegmentFixture.id;
import static skarb.node.segment.SegmentFixture.put;
import static skarb.node.segment.SegmentFixture.read;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import skarb.node.model.ChunkPlace;
import skarb.node.model.NodeException;
import skarb.testkit.disk.DiskOperation;
import skarb.testkit.disk.FailureMode;
import skarb.testkit.disk.SimulatedCrash;
import skarb.testkit.seed.Seeds;

/// Chunks that are found rather than written, and then the power is cut, at every operation in
/// turn: found while their writer has not forced them, while they are condemned, or damaged. What
/// was acknowledged to whoever found them is there afterwards.
class DedupCrashTest {
  private static final int CHUNK_BYTES = 3000;

  /// Segments of four chunks: those that are found lie in one that is being closed, or is closed,
  /// as well as in the open one.
  private static final ChunkStoreConfig SMALL_SEGMENTS =
      new ChunkStoreConfig(1, 4 * CHUNK_BYTES + 600, 1000, Duration.ofMinutes(10), 4);

  /// What happens with the store, up to a crash: adds to `acknowledged` what a client was told.
  @FunctionalInterface
  private interface Story {
    void tell(SegmentFixture fixture, ChunkStore store, List<Integer> acknowledged)
        throws IOException;
  }

  @Test
  void aChunkThatItsWriterHasNotForced() {
    atEveryOperation((fixture, store, acknowledged) -> {
      for (int round = 0; round < 3; round++) {
        int first = 10 * round;
        List<Pin> writers = putAll(store, first, first + 6); // not forced
        List<Pin> finders = putAll(store, first + 2, first + 8); // four of these are found
        store.force(finders);
        acknowledge(acknowledged, first + 2, first + 8);
        writers.forEach(Pin::close); // gave up
        finders.forEach(Pin::close);
      }
    });
  }

  @Test
  void aChunkWhoseWritersForceFailed() throws IOException {
    for (FailureMode mode : List.of(FailureMode.ONCE, FailureMode.PERSISTENT)) {
      for (int n = 1; ; n++) {
        SegmentFixture fixture = new SegmentFixture(SMALL_SEGMENTS);
        List<Integer> acknowledged = new ArrayList<>();
        try (ChunkStore store = fixture.open()) {
          fixture.disk.failWhen(operation -> operation.kind() == DiskOperation.Kind.FORCE, n, mode);
          for (int first = 0; first < 30; first += 10) {
            acknowledgeIfForced(store, acknowledged, first, first + 6);
            // Finds what the one before has written, its force failed or not.
            acknowledgeIfForced(store, acknowledged, first + 2, first + 8);
          }
        }
        boolean failed = fixture.disk.faultFired();
        if (n % 2 == 0) {
          fixture.disk.killProcess(); // memory has what the disk has not
          fixture.open().close();
        }
        fixture.disk.crashLosingUnforced();
        check(fixture, acknowledged);
        if (!failed) {
          assertThat(acknowledged).hasSize(36);
          break;
        }
      }
    }
  }

  private static void acknowledgeIfForced(
      ChunkStore store, List<Integer> acknowledged, int from, int to) {
    try {
      store.force(putAll(store, from, to));
      acknowledge(acknowledged, from, to);
    } catch (NodeException refused) {
      assertThat(store.failure()).isPresent();
    }
  }

  @Test
  void aChunkThatIsCondemned() {
    atEveryOperation((fixture, store, acknowledged) -> {
      List<Pin> garbage = putAll(store, 0, 6);
      store.force(garbage);
      garbage.forEach(Pin::close);
      List<ChunkPlace> condemned = new ArrayList<>();
      for (int chunk = 0; chunk < 6; chunk++) {
        condemned.add(store.place(id(chunk(chunk))).orElseThrow());
        assertThat(store.condemn(id(chunk(chunk)))).isTrue();
      }
      List<Pin> pins = putAll(store, 2, 8);
      for (ChunkPlace place : condemned) { // the collector has them deleted
        fixture.disk.flipBit(fixture.segment(place.file()), place.position() + 100);
      }
      store.force(pins);
      acknowledge(acknowledged, 2, 8);
      pins.forEach(Pin::close);
    });
  }

  @Test
  void aChunkThatIsDamaged() {
    atEveryOperation((fixture, store, acknowledged) -> {
      List<Pin> first = putAll(store, 0, 6);
      store.force(first);
      for (int chunk = 0; chunk < 6; chunk++) {
        Pin pin = first.get(chunk);
        pin.close();
        if (chunk < 4) {
          fixture.disk.flipBit(fixture.segment(pin.segment()), pin.end() - 1);
          ChunkPlace place = store.place(id(chunk(chunk))).orElseThrow();
          store.markDamaged(id(chunk(chunk)), place);
          assertThat(store.pin(id(chunk(chunk)))).isEmpty();
        }
      }
      List<Pin> pins = putAll(store, 0, 8);
      store.force(pins);
      acknowledge(acknowledged, 0, 8);
      for (int chunk : acknowledged) {
        assertThat(read(store, chunk(chunk))).isEqualTo(chunk(chunk));
      }
      pins.forEach(Pin::close);
    });
  }

  @Test
  void ofTwoCopiesInSegmentsTheGoodOneIsReadAfterAStartWhicheverItIs() throws IOException {
    for (int bad = 0; bad < 2; bad++) {
      SegmentFixture fixture = new SegmentFixture(SMALL_SEGMENTS);
      List<Pin> copies = new ArrayList<>();
      try (ChunkStore store = fixture.open()) {
        for (int copy = 0; copy < 2; copy++) {
          copies.add(put(store, chunk(1)));
          store.markDamaged(id(chunk(1)), store.place(id(chunk(1))).orElseThrow());
          putAll(store, 10 * copy + 10, 10 * copy + 14); // and the next segment
        }
        assertThat(copies.get(0).segment()).isLessThan(copies.get(1).segment());
      }
      Pin damaged = copies.get(bad);
      fixture.disk.flipBit(fixture.segment(damaged.segment()), damaged.end() - 1);
      try (ChunkStore store = fixture.open()) {
        assertThat(read(store, chunk(1))).isEqualTo(chunk(1));
        assertThat(store.place(id(chunk(1))).orElseThrow().file())
            .isEqualTo(copies.get(1 - bad).segment());
      }
    }
  }

  private static void atEveryOperation(Story story) {
    Seeds.forEach(
        3,
        (seed, random) -> {
          for (int n = 1; ; n++) {
            SegmentFixture fixture = new SegmentFixture(SMALL_SEGMENTS);
            List<Integer> acknowledged = new ArrayList<>();
            fixture.disk.crashAt(n);
            try (ChunkStore store = fixture.open()) {
              story.tell(fixture, store, acknowledged);
            } catch (SimulatedCrash expected) {
              // as asked
            } catch (RuntimeException e) {
              if (!hasCrash(e)) {
                throw e;
              }
            }
            boolean crashed = fixture.disk.faultFired();
            fixture.disk.restart(seed + n);
            check(fixture, acknowledged);
            check(fixture, acknowledged); // and once more from footers
            if (!crashed) {
              assertThat(n).isGreaterThan(20);
              assertThat(acknowledged).isNotEmpty();
              break;
            }
          }
        });
  }

  private static void check(SegmentFixture fixture, List<Integer> acknowledged) throws IOException {
    try (ChunkStore store = fixture.open()) {
      for (int chunk : acknowledged) {
        assertThat(read(store, chunk(chunk))).isEqualTo(chunk(chunk));
      }
    }
    fixture.disk.checkNoOpenFiles();
  }

  private static boolean hasCrash(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SimulatedCrash) {
        return true;
      }
    }
    return false;
  }

  private static List<Pin> putAll(ChunkStore store, int from, int to) {
    List<Pin> pins = new ArrayList<>();
    for (int chunk = from; chunk < to; chunk++) {
      pins.add(put(store, chunk(chunk)));
    }
    return pins;
  }

  private static void acknowledge(List<Integer> acknowledged, int from, int to) {
    for (int chunk = from; chunk < to; chunk++) {
      acknowledged.add(chunk);
    }
  }

  private static byte[] chunk(int number) {
    return content(number, CHUNK_BYTES);
  }
}
