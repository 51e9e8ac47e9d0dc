package skarb.simulation;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import skarb.node.index.Catalog;

/// One random history of some sites: people at each of them, somebody who breaks things, somebody
/// who lets sites join and leave. What it counts is kept over many histories.
final class History {
  private static final Duration CHAOS = Duration.ofMinutes(3);

  private final Map<Nemesis.Fault, Integer> faults = new EnumMap<>(Nemesis.Fault.class);
  private long answers;
  private int runs;
  private int joined;
  private int left;

  /// Faults stop in the end: then all sites agree, nothing is lost, and what was deleted is
  /// forgotten.
  void healing(World world) throws IOException, InterruptedException {
    List<Person> people = new ArrayList<>();
    Nemesis nemesis = chaos(world, people);
    nemesis.heal();
    world.awaitConvergence();
    world.checkAgreement();
    people.stream().filter(each -> each.isAnn() && each.isThere()).forEach(Person::readAll);
    Catalog catalog = world.sites.getFirst().catalog();
    for (SimulatedSite site : world.sites) {
      site.stop();
    }
    Oracle oracle = new Oracle(world.histories());
    people.forEach(each -> oracle.check(each.answers()));
    oracle.checkEntries();
    oracle.checkConverged(world.present());
    oracle.checkNothingKeptInVain();
    oracle.checkBucketsLive(catalog);
  }

  /// Faults never stop, and the power goes in the end: whatever was acknowledged is in the journal
  /// of its site, every answer was right, and nobody claims to have seen what he had not.
  void hostile(World world) throws IOException, InterruptedException {
    List<Person> people = new ArrayList<>();
    chaos(world, people);
    for (SimulatedSite site : world.sites) {
      site.powerOff();
    }
    world.sleep(Duration.ofSeconds(10));
    for (SimulatedSite site : world.sites) {
      site.powerOn(false);
    }
    Oracle oracle = new Oracle(world.histories());
    people.forEach(each -> oracle.check(each.answers()));
    oracle.checkEntries();
  }

  private Nemesis chaos(World world, List<Person> people) throws IOException, InterruptedException {
    world.begin(world.random.nextInt(2, 6));
    Nemesis nemesis = new Nemesis(world);
    Registrar registrar = new Registrar(world);
    boolean[] over = new boolean[1];
    int most = world.sites.size() + 1;
    CountDownLatch gone = new CountDownLatch(3 * most + 1);
    for (int i = 0; i < most; i++) {
      people.add(new Person(world, i, World.ANN));
      people.add(new Person(world, i, World.ANN));
      people.add(new Person(world, i, World.BOB));
    }
    people.forEach(each -> each.live(() -> over[0], gone));
    world.spawn(
        "registrar",
        () -> {
          registrar.act(() -> over[0]);
          gone.countDown();
        });
    long end = world.scheduler.time().nanoTime() + CHAOS.toNanos();
    while (world.scheduler.time().nanoTime() < end) {
      nemesis.act();
    }
    over[0] = true;
    gone.await();
    runs++;
    joined += registrar.joined();
    left += registrar.left();
    answers += people.stream().mapToLong(each -> each.answers().size()).sum();
    for (SimulatedSite site : world.sites) {
      if (!site.echo().isEmpty()) {
        throw new AssertionError(site.echo());
      }
    }
    nemesis.done().forEach((fault, count) -> faults.merge(fault, count, Integer::sum));
    return nemesis;
  }

  long answers() {
    return answers;
  }

  /// What there was, for the log of a build.
  @Override
  public String toString() {
    return "%d histories, %d answers, %d sites joined and %d left, faults %s"
        .formatted(runs, answers, joined, left, faults);
  }
}
