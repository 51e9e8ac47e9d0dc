package skarb.node.commit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import skarb.node.index.Catalog;
import skarb.node.journal.JournalConfig;
import skarb.node.model.ObjectKey;
import skarb.testkit.disk.FailureMode;
import skarb.testkit.disk.SimulatedCrash;
import skarb.testkit.disk.SimulatedFileSystem;
import skarb.testkit.model.Answer;
import skarb.testkit.model.Written;
import skarb.testkit.seed.Seeds;
import skarb.v1.ErrorReason;

/// Cuts the power, and fails operations, at each step of two lives of a store: whatever was
/// answered is there after the next start, and what was not is there whole or not at all.
class CommitCrashTest {
  private static final JournalConfig SMALL_FILES = new JournalConfig(16_384, false);
  private static final int KEYS = 3;
  private static final int GROUPS_A_LIFE = 6;

  private final ManualClock wall = new ManualClock(1_000_000);

  @Test
  void powerCutsAtEachStepLoseNothingThatWasAnswered() {
    everyStep(3, FailureMode.POWER_CUT);
  }

  @Test
  void operationsThatFailOnceLoseNothingThatWasAnswered() {
    everyStep(2, FailureMode.ONCE);
  }

  @Test
  void disksThatFailForGoodLoseNothingThatWasAnswered() {
    everyStep(2, FailureMode.PERSISTENT);
  }

  private void everyStep(int runs, FailureMode mode) {
    Seeds.forEach(
        runs,
        (seed, random) -> {
          for (int step = 1; runWithFault(seed, step, mode); step++) {}
        });
  }

  /// @return whether the run got as far as that step
  private boolean runWithFault(long seed, int step, FailureMode mode) throws Exception {
    SimulatedFileSystem disk = new SimulatedFileSystem();
    History history = new History(new SplittableRandom(seed));
    disk.failAt(step, mode);
    boolean usable = true;
    for (int life = 0; life < 2 && usable; life++) {
      usable = live(disk, history);
    }
    boolean struck = disk.faultFired();
    String where = "seed " + seed + ", step " + step + ", " + mode;
    assertThat(usable || struck).as(where).isTrue();
    disk.crash(1_000 * seed + step);
    verify(disk, history, where);
    return struck;
  }

  /// One life of the store: opens it, commits some groups, closes it.
  ///
  /// @return whether nothing went wrong
  private boolean live(SimulatedFileSystem disk, History history) {
    DiskStore store;
    try {
      store = open(disk);
    } catch (IOException | SimulatedCrash e) {
      return false;
    }
    try {
      for (int i = 0; i < GROUPS_A_LIFE; i++) {
        List<Mutation> group = history.draw();
        List<Outcome> outcomes =
            store.pipeline.commitAll(group.stream().map(Requests::carrying).toList());
        if (!history.answered(group, outcomes)) {
          return false;
        }
      }
      return true;
    } finally {
      closeAnyhow(store);
    }
  }

  private void verify(SimulatedFileSystem disk, History history, String where) throws Exception {
    DiskStore store = open(disk);
    NavigableMap<String, MutationModel.Bucket> found =
        MutationModel.anonymous(MutationModel.read(store.index));
    assertThat(found).as(where).isIn(history.possible());
    for (String content : bodies(store)) {
      assertThat(store.read(Requests.chunkId(content)))
          .as(where)
          .isEqualTo(content.getBytes(StandardCharsets.UTF_8));
    }
    history.settle(found);
    List<Mutation> group = history.draw();
    List<Outcome> outcomes =
        store.pipeline.commitAll(group.stream().map(Requests::carrying).toList());
    assertThat(history.answered(group, outcomes)).as(where).isTrue();
    store.close();
    try (DiskStore again = open(disk)) {
      assertThat(again.index.digest()).as(where).isEqualTo(store.index.digest());
    }
    disk.checkNoOpenFiles();
  }

  private DiskStore open(SimulatedFileSystem disk) throws IOException {
    Path folder = disk.getPath("/journal");
    wall.advance(7);
    return DiskStore.open(
        folder, PipelineHarness.seams(wall, new SplittableRandom(wall.millis())), SMALL_FILES);
  }

  private static void closeAnyhow(DiskStore store) {
    try {
      store.close();
    } catch (IOException | SimulatedCrash e) {
      assertThat(e).isNotNull(); // the disk failed, as the test told it to
    }
  }

  private static List<String> bodies(DiskStore store) {
    Catalog catalog = new Catalog(store.index);
    return Stream.of("bucket0", "bucket1")
        .flatMap(name -> catalog.bucket(name).stream())
        .flatMap(bucket ->
            Stream.of("k0", "k1", "k2")
                .flatMap(key ->
                    catalog.current(bucket.incarnation(), ObjectKey.of(key).bytes()).stream()))
        .filter(version -> !version.isDeleteMarker())
        .map(version -> version.body().getAttributes().getUserMetadata(0).getValue())
        .toList();
  }

  /// What was asked and answered, and so what may be there.
  private static final class History {
    private final RandomMutations mutations;
    private final SplittableRandom random;
    private final List<Heard> answered = new ArrayList<>();
    private List<Heard> open = List.of();

    /// A mutation and the id of a version that its answer named.
    private record Heard(Mutation mutation, Optional<String> id) {}

    History(SplittableRandom random) {
      this.random = random;
      this.mutations = new RandomMutations(random.split(), KEYS);
    }

    List<Mutation> draw() {
      List<Mutation> group = new ArrayList<>();
      for (int i = random.nextInt(1, 5); i > 0; i--) {
        group.add(mutations.next());
      }
      return group;
    }

    /// @return whether the node still takes writes
    boolean answered(List<Mutation> group, List<Outcome> outcomes) {
      List<Answer<Written>> answers = outcomes.stream().map(MutationModel::answer).toList();
      if (answers.contains(new Answer.Refused<>(ErrorReason.ERROR_REASON_READ_ONLY))) {
        open = group.stream().map(each -> new Heard(each, Optional.empty())).toList();
        return false;
      }
      MutationModel model = model(answered);
      for (int i = 0; i < group.size(); i++) {
        Optional<String> id = MutationModel.idIn(answers.get(i));
        assertThat(answers.get(i)).isEqualTo(model.perform(group.get(i), id));
        answered.add(new Heard(group.get(i), id));
        mutations.heard(group.get(i), outcomes.get(i));
      }
      return true;
    }

    /// All that was answered, with or without the group whose fate is open.
    List<NavigableMap<String, MutationModel.Bucket>> possible() {
      return Stream.of(answered, with(open))
          .map(mutations -> MutationModel.anonymous(model(mutations).buckets()))
          .toList();
    }

    void settle(NavigableMap<String, MutationModel.Bucket> found) {
      if (!found.equals(MutationModel.anonymous(model(answered).buckets()))) {
        answered.addAll(open);
      }
      open = List.of();
    }

    private List<Heard> with(List<Heard> group) {
      List<Heard> all = new ArrayList<>(answered);
      all.addAll(group);
      return all;
    }

    private static MutationModel model(List<Heard> mutations) {
      MutationModel model = new MutationModel();
      mutations.forEach(each -> model.perform(each.mutation(), each.id()));
      return model;
    }
  }
}
