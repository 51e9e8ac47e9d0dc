package skarb.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import skarb.sync.PeerStatus;
import skarb.testkit.net.SimulatedLink;
import skarb.testkit.schedule.SeededScheduler;
import skarb.v1.ListVersionsRequest;
import skarb.v1.ListedVersion;

/// What other stores got wrong between sites, one by one.
@Tag("simulation")
class ScenariosTest {
  private static final String KEY = "key0";

  private interface Script {
    void play(World world, Person one, Person other) throws IOException;
  }

  private static void between(long seed, Script script) {
    try (World world = new World(seed)) {
      SeededScheduler.Body body =
          () -> {
            world.begin(2);
            script.play(world, new Person(world, 0, World.ANN), new Person(world, 1, World.ANN));
          };
      world.scheduler.run(body);
    }
  }

  private static void cut(World world) {
    world.lines.forEach(SimulatedLink::cut);
  }

  private static void mendAndConverge(World world) {
    world.lines.forEach(SimulatedLink::mend);
    world.awaitConvergence();
    world.checkAgreement();
  }

  private static List<ListedVersion> versions(Person person, String bucket) {
    return person
        .objects()
        .listVersions(ListVersionsRequest.newBuilder().setBucket(bucket).build())
        .getVersionsList();
  }

  private static String current(Person person, String bucket) {
    person.read(bucket, KEY);
    return ((Answer.Read) person.answers().getLast()).tag();
  }

  @Test
  void deletesMadeWhileThePeerIsDownArrive() {
    between(
        1,
        (world, one, other) -> {
          one.put(World.PLAIN, KEY);
          one.put(World.VERSIONED, KEY);
          world.awaitConvergence();
          world.sites.get(1).powerOff();
          one.delete(World.PLAIN, KEY, "");
          one.delete(World.VERSIONED, KEY, "");
          world.sleep(Duration.ofMinutes(10));
          world.sites.get(1).powerOn(false);
          world.sites.get(1).start();
          mendAndConverge(world);

          assertThat(current(other, World.PLAIN)).isEmpty();
          assertThat(current(other, World.VERSIONED)).isEmpty();
          assertThat(versions(other, World.VERSIONED)).hasSize(2);
        });
  }

  @Test
  void deleteMarkersFromBothSidesAtOnceAreBothThere() {
    between(
        2,
        (world, one, other) -> {
          one.put(World.VERSIONED, KEY);
          world.awaitConvergence();
          cut(world);
          one.delete(World.VERSIONED, KEY, "");
          other.delete(World.VERSIONED, KEY, "");
          mendAndConverge(world);

          assertThat(versions(one, World.VERSIONED)).hasSize(3);
          assertThat(versions(one, World.VERSIONED).stream().map(ScenariosTest::id))
              .isEqualTo(versions(other, World.VERSIONED).stream().map(ScenariosTest::id).toList());
        });
  }

  private static String id(ListedVersion version) {
    return version.getInfo().getVersionId();
  }

  @Test
  void aTargetThatRestartsWithEntriesInFlightGetsThemAll() {
    between(
        3,
        (world, one, other) -> {
          for (int i = 0; i < 5; i++) {
            for (int j = 0; j < 4; j++) {
              one.put(World.VERSIONED, "key" + j);
            }
            world.sites.get(1).powerOff();
            world.sleep(Duration.ofSeconds(1));
            world.sites.get(1).powerOn(false);
            world.sites.get(1).start();
          }
          mendAndConverge(world);

          assertThat(versions(other, World.VERSIONED)).hasSize(20);
        });
  }

  @Test
  void twoDaysOfSplitBrainLoseNothing() {
    between(
        4,
        (world, one, other) -> {
          cut(world);
          for (int hours : List.of(1, 23, 24)) {
            for (String bucket : World.BUCKETS) {
              one.put(bucket, KEY);
              other.put(bucket, KEY);
            }
            world.sleep(Duration.ofHours(hours));
          }
          mendAndConverge(world);
          one.readAll();
          other.readAll();
          for (SimulatedSite site : world.sites) {
            site.stop();
          }
          Oracle oracle = new Oracle(world.histories());
          oracle.check(one.answers());
          oracle.check(other.answers());
          oracle.checkConverged(world.present());
        });
  }

  @Test
  void aClockAnHourAheadFreezesNothing() {
    between(
        5,
        (world, one, other) -> {
          world.sites.get(0).clock.set(Duration.ofHours(1));
          one.put(World.PLAIN, KEY);
          String early = current(one, World.PLAIN);
          world.sites.get(0).clock.setRight();
          assertThatThrownBy(() -> one.put(World.PLAIN, KEY)).hasMessageContaining("clock");
          other.put(World.PLAIN, "key1");
          world.sleep(Duration.ofSeconds(10));
          assertThat(current(other, World.PLAIN)).isEmpty();

          world.sleep(Duration.ofHours(1));
          world.awaitConvergence();
          assertThat(current(other, World.PLAIN)).isEqualTo(early);
          other.put(World.PLAIN, KEY);
          String late = current(other, World.PLAIN);
          mendAndConverge(world);

          assertThat(current(one, World.PLAIN)).isEqualTo(late).isNotEqualTo(early);
          one.put(World.PLAIN, KEY);
        });
  }

  @Test
  void aChunkThatIsMissingAtTheSourceHoldsNothingElseUp() {
    between(
        6,
        (world, one, other) -> {
          cut(world);
          one.putLarge(World.PLAIN, KEY);
          SimulatedSite source = world.sites.getFirst();
          source.stop();
          try (Stream<Path> segments = Files.list(source.data().resolve("segments"))) {
            for (Path segment : segments.sorted().toList()) {
              source.disk.flipBit(segment, Files.size(segment) / 2);
            }
          }
          source.start();
          world.lines.forEach(SimulatedLink::mend);
          one.put(World.PLAIN, "key1");
          String tag = ((Answer.Stored) one.answers().getLast()).tag();
          world.sleep(Duration.ofMinutes(2));

          other.read(World.PLAIN, "key1");
          assertThat(((Answer.Read) other.answers().getLast()).tag()).isEqualTo(tag);
          assertThatThrownBy(() -> other.read(World.PLAIN, KEY))
              .isInstanceOfSatisfying(
                  StatusRuntimeException.class,
                  e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE));
        });
  }

  @Test
  void aDiskThatWasPutBackIsNoticedAndTheOtherSiteGoesOn() {
    between(
        7,
        (world, one, other) -> {
          SimulatedSite rolledBack = world.sites.get(1);
          other.put(World.PLAIN, KEY);
          world.awaitConvergence();
          rolledBack.stop();
          Map<String, byte[]> backup = rolledBack.backUp();
          rolledBack.start();
          other.put(World.PLAIN, "key1");
          world.awaitConvergence();
          String before = current(one, World.PLAIN);
          rolledBack.stop();
          rolledBack.restore(backup);
          rolledBack.start();
          world.sleep(Duration.ofMinutes(3));

          List<PeerStatus> links =
              world.sites.stream()
                  .flatMap(site -> site.syncs().stream())
                  .map(sync -> sync.status())
                  .toList();
          assertThat(links).hasSize(1);
          assertThat(links.getFirst().lastError()).contains("put back");
          assertThat(current(one, World.PLAIN)).isEqualTo(before);
          one.put(World.PLAIN, KEY);
        });
  }
}
