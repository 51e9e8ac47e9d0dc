package skarb.node.commit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import skarb.node.index.StateDigest;
import skarb.node.model.UploadName;
import skarb.testkit.seed.Seeds;
import skarb.v1.ErrorReason;

/// Writers who send parts, complete and abort one upload at once, interleaved by a seed: one of
/// those who end it succeeds, and the object is of the parts that were there at that moment.
class UploadRaceTest {
  private static final int ROUNDS = 12;

  /// What the writers were told.
  private static final class Told {
    final Map<Integer, List<String>> parts = new TreeMap<>();
    final List<Outcome> ends = new ArrayList<>();
  }

  @Test
  void oneOfThoseWhoEndAnUploadSucceeds() {
    Seeds.forEach(
        40,
        (seed, random) -> {
          try (CommitSimulation world = new CommitSimulation(seed)) {
            boolean aborts = random.nextBoolean();
            StateDigest[] digest = {StateDigest.EMPTY};
            world.scheduler.run(() -> digest[0] = race(world, aborts));
            world.scheduler.run(() -> {
              try (DiskStore store = world.open()) {
                assertThat(store.index.digest()).isEqualTo(digest[0]);
              }
            });
          }
        });
  }

  private static StateDigest race(CommitSimulation world, boolean aborts) throws Exception {
    try (DiskStore store = world.open()) {
      store.pipeline.commit(Requests.submission(Requests.createBucket()));
      Committed opened = store.pipeline.commit(Requests.submission(UploadRequests.open("k")));
      UploadName upload = ((Committed.UploadOpened) opened.answer()).upload();
      store.pipeline.commit(Requests.submission(UploadRequests.part("k", upload, 1, "first")));
      Told told = new Told();
      world.write(
          store,
          (running, number) -> {
            switch (number) {
              case 0, 1 -> complete(running, upload, told);
              case 2 -> end(running, upload, told, aborts);
              default -> sendParts(running, upload, number, told);
            }
          });
      check(store, upload, told);
      return store.index.digest();
    }
  }

  private static void end(DiskStore store, UploadName upload, Told told, boolean aborts) {
    if (aborts) {
      told.ends.add(outcome(store, UploadRequests.abort("k", upload)));
    } else {
      complete(store, upload, told);
    }
  }

  /// As a service does: prepared from the rows, and again where they moved.
  private static void complete(DiskStore store, UploadName upload, Told told) {
    while (true) {
      Outcome outcome = outcome(store, UploadRequests.complete(store.index, "k", upload, ""));
      if (!(outcome instanceof Outcome.Done(Committed(var _, Committed.PrepareAgain _)))) {
        told.ends.add(outcome);
        return;
      }
    }
  }

  private static void sendParts(DiskStore store, UploadName upload, int number, Told told) {
    for (int round = 0; round < ROUNDS; round++) {
      String content = "writer" + number + "round" + round;
      Outcome outcome = outcome(store, UploadRequests.part("k", upload, number, content));
      if (outcome instanceof Outcome.Failed(var reason)) {
        assertThat(reason.reason()).isEqualTo(ErrorReason.ERROR_REASON_NO_SUCH_UPLOAD);
        return;
      }
      told.parts.computeIfAbsent(number, absent -> new ArrayList<>()).add(content);
    }
  }

  private static void check(DiskStore store, UploadName upload, Told told) throws IOException {
    assertThat(UploadRequests.isOpen(store.index, "k", upload)).isFalse();
    assertThat(UploadRequests.contents(store.index, upload)).isEmpty();
    // A second completion of the very same parts is told what the first was.
    assertThat(told.ends.stream().filter(Outcome.Done.class::isInstance).distinct().count())
        .isPositive();
    Optional<String> object = UploadRequests.object(store.index, "k");
    boolean completed =
        told.ends.stream()
            .anyMatch(
                end -> end instanceof Outcome.Done(Committed(var _, Committed.UploadCompleted _)));
    boolean aborted =
        told.ends.stream()
            .anyMatch(
                end -> end instanceof Outcome.Done(Committed(var _, Committed.UploadAborted _)));
    assertThat(completed).isNotEqualTo(aborted);
    assertThat(object.isPresent()).isEqualTo(completed);
    if (object.isPresent()) {
      for (String part : object.get().split(",", -1)) {
        int number = Integer.parseInt(part.substring(0, part.indexOf('=')));
        String content = part.substring(part.indexOf('=') + 1);
        List<String> sent = told.parts.getOrDefault(number, List.of());
        // the last that was accepted: none was taken after the end
        assertThat(number == 1 ? "first" : sent.getLast()).isEqualTo(content);
      }
    }
  }

  private static Outcome outcome(DiskStore store, Mutation mutation) {
    return store.pipeline.commitAll(List.of(Requests.submission(mutation))).getFirst();
  }
}
