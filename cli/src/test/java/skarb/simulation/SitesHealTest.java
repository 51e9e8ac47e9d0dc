package skarb.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import skarb.node.index.Catalog;
import skarb.testkit.seed.Seeds;

/// Two to five sites under all faults, which then stop: everything converges, and nothing that was
/// acknowledged is lost.
class SitesHealTest {
  private static final Duration CHAOS = Duration.ofMinutes(3);

  @Test
  void everythingConvergesAndNothingIsLost() {
    Map<Nemesis.Fault, Integer> faults = new EnumMap<>(Nemesis.Fault.class);
    long[] answers = new long[1];
    int[] runs = new int[1];
    Seeds.forEach(
        20,
        (seed, random) -> {
          try (World world = new World(seed)) {
            world.scheduler.run(() -> answers[0] += history(world, faults));
          }
          runs[0]++;
        });
    System.out.println(runs[0] + " histories, " + answers[0] + " answers, faults: " + faults);
    assertThat(answers[0]).isPositive();
  }

  static long history(World world, Map<Nemesis.Fault, Integer> faults)
      throws IOException, InterruptedException {
    world.begin(world.random.nextInt(2, 6));
    Nemesis nemesis = new Nemesis(world);
    List<Person> people = new ArrayList<>();
    for (int i = 0; i < world.sites.size(); i++) {
      people.add(new Person(world, i));
      people.add(new Person(world, i));
      people.add(new Person(world, i, World.OTHER));
    }
    boolean[] over = new boolean[1];
    CountDownLatch gone = new CountDownLatch(people.size());
    for (Person each : people) {
      world.spawn(
          "person",
          () -> {
            while (!over[0]) {
              each.act();
            }
            gone.countDown();
          });
    }
    long end = world.scheduler.time().nanoTime() + CHAOS.toNanos();
    while (world.scheduler.time().nanoTime() < end) {
      nemesis.act();
    }
    over[0] = true;
    gone.await();
    nemesis.heal();
    world.awaitConvergence();
    world.checkAgreement();
    people.stream().filter(each -> each.isAnn()).forEach(Person::readAll);
    nemesis.done().forEach((fault, count) -> faults.merge(fault, count, Integer::sum));
    Catalog catalog = world.sites.getFirst().catalog();
    Oracle oracle = new Oracle(world.histories());
    people.forEach(each -> oracle.check(each.answers()));
    oracle.checkEntries();
    oracle.checkConverged();
    oracle.checkBucketsLive(catalog);
    return people.stream().mapToLong(each -> each.answers().size()).sum();
  }
}
