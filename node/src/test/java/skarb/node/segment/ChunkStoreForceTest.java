package skarb.node.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static skarb.node.segment.SegmentFixture.content;
import static skarb.node.segment.SegmentFixture.id;
import static skarb.node.segment.SegmentFixture.put;
import static skarb.node.segment.SegmentFixture.read;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import skarb.node.model.NodeException;
import skarb.testkit.disk.DiskOperation;
import skarb.testkit.disk.FailureMode;
import skarb.v1.ErrorReason;

class ChunkStoreForceTest {
  private final SegmentFixture fixture;

  ChunkStoreForceTest() throws IOException {
    fixture = new SegmentFixture();
  }

  @Test
  void forceCoversAChunkThatANeighbourWroteAndDidNotForce() throws IOException {
    byte[] chunk = content(1, 1000);
    try (ChunkStore store = fixture.open()) {
      Pin neighbours = put(store, chunk);
      assertThat(fixture.disk.isDurable(fixture.segment(1))).isFalse();

      Pin mine = put(store, chunk); // found, not written
      store.force(List.of(mine));

      assertThat(fixture.disk.isDurable(fixture.segment(1))).isTrue();
      neighbours.close();
      fixture.disk.crashLosingUnforced();
    }
    try (ChunkStore store = fixture.open()) {
      assertThat(read(store, chunk)).isEqualTo(chunk);
    }
  }

  @Test
  void whatIsDurableIsNotForcedAgain() throws IOException {
    try (ChunkStore store = fixture.open()) {
      Pin first = put(store, content(1, 1000));
      Pin second = put(store, content(2, 1000));
      store.force(List.of(first, second));
      long forces = fixture.disk.counters().forces();

      store.force(List.of(first, second));
      store.force(List.of(first));
      store.force(List.of());

      assertThat(fixture.disk.counters().forces()).isEqualTo(forces);
    }
  }

  @Test
  void oneForceServesAllWhoWait() throws Exception {
    try (ChunkStore store = fixture.open();
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Pin> pins = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        pins.add(put(store, content(i, 100)));
      }
      long forces = fixture.disk.counters().forces();
      CountDownLatch slow = new CountDownLatch(1);
      CountDownLatch begun = new CountDownLatch(1);
      fixture.disk.beforeEach(operation -> {
        if (operation.kind() == DiskOperation.Kind.FORCE) {
          begun.countDown();
          await(slow);
        }
      });
      List<Future<?>> waiting = new ArrayList<>();
      waiting.add(callers.submit(() -> store.force(pins.subList(0, 1))));
      begun.await();
      Pin late = put(store, content(99, 100)); // written while the force is running
      for (Pin pin : pins) {
        waiting.add(callers.submit(() -> store.force(List.of(pin))));
        waiting.add(callers.submit(() -> store.force(List.of(pin, late))));
      }
      slow.countDown();
      for (Future<?> one : waiting) {
        one.get();
      }

      assertThat(fixture.disk.counters().forces() - forces).isEqualTo(2);
      assertThat(fixture.disk.isDurable(fixture.segment(1))).isTrue();
    }
  }

  @Test
  void segmentsAreForcedTogether() throws Exception {
    SegmentFixture two =
        new SegmentFixture(new ChunkStoreConfig(2, 1 << 20, 1000, Duration.ofMinutes(1), 4));
    try (ChunkStore store = two.open();
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      CountDownLatch slow = new CountDownLatch(1);
      CountDownLatch begun = new CountDownLatch(1);
      two.disk.beforeEach(operation -> {
        if (operation.kind() == DiskOperation.Kind.WRITE && operation.from() > 0) {
          begun.countDown();
          await(slow);
        }
      });
      Future<Pin> first = callers.submit(() -> put(store, content(1, 100)));
      begun.await();
      Future<Pin> second = callers.submit(() -> put(store, content(2, 100)));
      while (two.disk.openFiles().size() < 2) {
        Thread.onSpinWait(); // the second lane opens its segment while the first is busy
      }
      slow.countDown();
      List<Pin> pins = List.of(first.get(), second.get());
      assertThat(pins.get(0).segment()).isNotEqualTo(pins.get(1).segment());

      store.force(pins);

      assertThat(two.disk.isDurable(two.segment(1))).isTrue();
      assertThat(two.disk.isDurable(two.segment(2))).isTrue();
    }
  }

  @Test
  void aFailedForceIsFinalAndReadsGoOn() throws IOException {
    byte[] durable = content(1, 1000);
    byte[] lost = content(2, 1000);
    try (ChunkStore store = fixture.open()) {
      Pin safe = put(store, durable);
      store.force(List.of(safe));
      Pin pin = put(store, lost);
      fixture.disk.failWhen(
          operation -> operation.kind() == DiskOperation.Kind.FORCE, FailureMode.ONCE);

      assertReadOnly(() -> store.force(List.of(pin)));
      assertReadOnly(() -> store.force(List.of(pin)));
      assertReadOnly(() -> put(store, content(3, 1000)));
      assertReadOnly(() -> store.force(List.of(put(store, lost)))); // found, and still not safe
      store.force(List.of(safe));
      assertThat(store.failure()).isPresent();
      assertThat(read(store, durable)).isEqualTo(durable);
      assertThat(read(store, lost)).isEqualTo(lost);
      fixture.time.advance(Duration.ofHours(1)); // an idle segment that failed is not closed
    }
    fixture.disk.checkNoOpenFiles();
  }

  @Test
  void aFailedWriteIsFinalAndReadsGoOn() throws IOException {
    byte[] before = content(1, 1000);
    try (ChunkStore store = fixture.open()) {
      put(store, before).close();
      fixture.disk.failWhen(
          operation -> operation.kind() == DiskOperation.Kind.WRITE, FailureMode.ONCE);

      assertReadOnly(() -> put(store, content(2, 1000)));
      assertReadOnly(() -> put(store, content(2, 1000)));
      assertThat(store.pin(id(content(2, 1000)))).isEmpty();
      assertThat(read(store, before)).isEqualTo(before);
    }
    try (ChunkStore store = fixture.open()) {
      assertThat(store.findings())
          .singleElement()
          .satisfies(found -> assertThat(found.kind()).isEqualTo(SegmentFinding.Kind.TORN_TAIL));
      assertThat(read(store, before)).isEqualTo(before);
      put(store, content(2, 1000)).close();
    }
  }

  @Test
  void afterAFailedForceARestartTrustsNothingThatOnlyMemoryHas() throws IOException {
    byte[] chunk = content(1, 1000);
    try (ChunkStore store = fixture.open()) {
      Pin pin = put(store, chunk);
      fixture.disk.failWhen(
          operation -> operation.kind() == DiskOperation.Kind.FORCE, FailureMode.ONCE);
      assertReadOnly(() -> store.force(List.of(pin)));
    }
    fixture.disk.killProcess(); // what was written can still be read, and a force would lie
    try (ChunkStore store = fixture.open()) {
      store.force(List.of(put(store, chunk)));
      fixture.disk.crashLosingUnforced();
    }
    try (ChunkStore store = fixture.open()) {
      assertThat(read(store, chunk)).isEqualTo(chunk);
    }
  }

  private static void assertReadOnly(Runnable action) {
    assertThatThrownBy(action::run)
        .isInstanceOfSatisfying(
            NodeException.class,
            e -> assertThat(e.reason()).isEqualTo(ErrorReason.ERROR_REASON_READ_ONLY));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
