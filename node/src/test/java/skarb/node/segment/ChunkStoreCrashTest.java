package skarb.node.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static skarb.node.segment.SegmentFixture.content;
import static skarb.node.segment.SegmentFixture.put;
import static skarb.node.segment.SegmentFixture.read;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import skarb.testkit.disk.SimulatedCrash;
import skarb.testkit.seed.Seeds;

/// The power is cut at each operation in turn, unforced writes are kept, lost or torn by a seed,
/// and what was forced is there.
class ChunkStoreCrashTest {

  @Test
  void whatWasForcedSurvivesAPowerCutAtAnyOperation() {
    Seeds.forEach(
        6,
        (seed, random) -> {
          for (int n = 1; ; n++) {
            SegmentFixture fixture = new SegmentFixture();
            fixture.disk.crashAt(n);
            List<Integer> forced = new ArrayList<>();
            runUntilTheCrash(fixture, forced, 0);
            if (!fixture.disk.faultFired()) {
              assertThat(n).isGreaterThan(30);
              break;
            }
            fixture.disk.restart(seed + n);
            checkAndGoOn(fixture, forced);
          }
        });
  }

  @Test
  void aPowerCutDuringRecoveryLosesNothing() {
    Seeds.forEach(
        4,
        (seed, random) -> {
          for (int n = 1; ; n++) {
            SegmentFixture fixture = new SegmentFixture();
            List<Integer> forced = new ArrayList<>();
            fixture.disk.crashAt(25);
            runUntilTheCrash(fixture, forced, 0);
            fixture.disk.restart(seed);
            fixture.disk.crashAt(n);
            try {
              fixture.open().close();
            } catch (SimulatedCrash expected) {
              // as asked
            }
            if (!fixture.disk.faultFired()) {
              break;
            }
            fixture.disk.restart(seed + n);
            checkAndGoOn(fixture, forced);
          }
        });
  }

  private static void checkAndGoOn(SegmentFixture fixture, List<Integer> forced)
      throws IOException {
    try (ChunkStore store = fixture.open()) {
      assertThat(store.findings())
          .noneMatch(found -> found.kind() == SegmentFinding.Kind.DAMAGED_HEADER);
      for (int chunk : forced) {
        assertThat(read(store, chunk(chunk))).isEqualTo(chunk(chunk));
      }
    }
    runUntilTheCrash(fixture, forced, 100); // the store is as good as new
    try (ChunkStore store = fixture.open()) {
      assertThat(store.findings()).isEmpty();
      for (int chunk : forced) {
        assertThat(read(store, chunk(chunk))).isEqualTo(chunk(chunk));
      }
    }
    fixture.disk.checkNoOpenFiles();
  }

  /// Each fourth chunk is forced, with the three before it; others of them are brought twice.
  private static void runUntilTheCrash(SegmentFixture fixture, List<Integer> forced, int first)
      throws IOException {
    try (ChunkStore store = fixture.open()) {
      for (int i = first; i < first + 24; i += 4) {
        List<Pin> pins = new ArrayList<>();
        for (int j = i; j < i + 4; j++) {
          pins.add(put(store, chunk(j)));
        }
        pins.add(put(store, chunk(i + 1)));
        store.force(pins.subList(1, 5));
        for (int j = i; j < i + 4; j++) {
          forced.add(j);
        }
        pins.forEach(Pin::close);
      }
    } catch (SimulatedCrash expected) {
      // as asked
    } catch (RuntimeException e) {
      if (!hasCrash(e)) {
        throw e;
      }
    }
  }

  private static boolean hasCrash(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SimulatedCrash) {
        return true;
      }
    }
    return false;
  }

  private static byte[] chunk(int number) {
    return content(number, 500 + number % 7 * 900);
  }
}
