package skarb.simulation;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import skarb.node.index.Catalog;
import skarb.node.journal.FileJournal;
import skarb.node.model.EntryDot;
import skarb.sync.PeerStatus;

/// One random history in which the disk of a site is put back to what it once was, and the site
/// goes on from there. Where others have entries of it that it no longer has, all its neighbours
/// must come to refuse it, and the others must lose nothing; where they have none, all is as if it
/// had been slow. What it counts is kept over many histories.
final class PutBackHistory {
  private static final Duration PART = Duration.ofSeconds(50);
  private static final Duration MOST_TO_AGREE = Duration.ofHours(3);

  private int noticed;
  private int harmless;

  void play(World world) throws IOException, InterruptedException {
    world.begin(world.random.nextInt(2, 5));
    SimulatedSite victim = anyButFirst(world);
    Nemesis nemesis = new Nemesis(world);
    boolean[] over = new boolean[1];
    List<Person> people = people(world);
    CountDownLatch gone = new CountDownLatch(people.size());
    people.forEach(each -> each.live(() -> over[0], gone));
    breakThings(world, nemesis);
    kill(victim);
    Map<String, byte[]> backup = victim.backUp();
    victim.start();
    breakThings(world, nemesis);
    kill(victim);
    SiteHistory before = history(victim);
    victim.restore(backup);
    victim.start();
    breakThings(world, nemesis);
    over[0] = true;
    gone.await();
    nemesis.heal();
    end(world, victim, before, people);
  }

  private static List<Person> people(World world) {
    List<Person> people = new ArrayList<>();
    for (int i = 0; i < world.sites.size(); i++) {
      people.add(new Person(world, i, World.ANN));
      people.add(new Person(world, i, World.BOB));
    }
    return people;
  }

  private static void breakThings(World world, Nemesis nemesis) throws IOException {
    long end = world.scheduler.time().nanoTime() + PART.toNanos();
    while (world.scheduler.time().nanoTime() < end) {
      nemesis.act();
    }
  }

  private static void kill(SimulatedSite site) {
    site.powerOff();
    site.powerOn(true);
  }

  private void end(World world, SimulatedSite victim, SiteHistory before, List<Person> people)
      throws IOException {
    List<SimulatedSite> others = new ArrayList<>(world.sites);
    others.remove(victim);
    awaitSame(world, others);
    boolean isMissed = lacksItsOwn(victim, others.getFirst());
    if (isMissed) {
      noticed++;
      victim.stop();
      victim.start(); // who had greeted it before the news came looks again
      awaitRefused(world, victim);
      awaitSame(world, others);
    } else {
      harmless++;
      world.awaitConvergence();
      world.checkAgreement();
    }
    for (SimulatedSite site : world.sites) {
      site.stop();
    }
    Oracle oracle = new Oracle(world.histories(), List.of(before));
    people.stream()
        .filter(each -> !each.isAt(victim))
        .forEach(each -> oracle.check(each.answers()));
    oracle.checkEntries();
    oracle.checkConverged(isMissed ? others : world.sites);
  }

  private static SiteHistory history(SimulatedSite site) throws IOException {
    try (FileJournal journal = site.openJournal()) {
      return SiteHistory.read(site.id(), journal);
    }
  }

  /// A site without which the others still reach each other.
  private static SimulatedSite anyButFirst(World world) {
    List<SimulatedSite> possible =
        world.sites.stream()
            .skip(1)
            .filter(site -> reached(world, site) == world.sites.size() - 1)
            .toList();
    return possible.get(world.random.nextInt(possible.size()));
  }

  private static int reached(World world, SimulatedSite without) {
    Set<SimulatedSite> seen = new HashSet<>(Set.of(world.sites.getFirst()));
    ArrayDeque<SimulatedSite> next = new ArrayDeque<>(seen);
    while (!next.isEmpty()) {
      for (SimulatedSite each : next.remove().neighbours()) {
        if (!each.equals(without) && seen.add(each)) {
          next.add(each);
        }
      }
    }
    return seen.size();
  }

  private static boolean lacksItsOwn(SimulatedSite site, SimulatedSite other) {
    Catalog there = other.catalog();
    return there.heads().entrySet().stream()
        .filter(head -> head.getKey().site().equals(site.id()))
        .anyMatch(head -> {
          EntryDot last = new EntryDot(head.getKey(), head.getValue().getSequence());
          return site.catalog()
              .head(head.getKey())
              .map(own -> own.getSequence() < last.sequence())
              .orElse(true);
        });
  }

  /// Waits until the sites have logged the same, and nothing is pending. Bytes that only the put
  /// back site had are missing for good.
  private static void awaitSame(World world, List<SimulatedSite> sites) {
    await(
        world,
        "the others do not agree",
        () -> {
          Catalog first = sites.getFirst().catalog();
          return sites.stream()
              .allMatch(site ->
                  site.catalog().heads().equals(first.heads())
                      && site.catalog().pending(null, 1).isEmpty());
        });
  }

  private static void awaitRefused(World world, SimulatedSite victim) {
    await(
        world,
        "it is not refused: " + victim.name,
        () ->
            world.sites.stream()
                .flatMap(site ->
                    victim.neighbours().contains(site)
                        ? Stream.concat(
                            site.linksTo(victim).stream(), victim.linksTo(site).stream())
                        : Stream.of())
                .allMatch(link ->
                    link.state() == PeerStatus.State.REFUSED
                        && link.lastError().contains("put back")));
  }

  private static void await(World world, String what, BooleanSupplier holds) {
    long from = world.scheduler.time().nanoTime();
    while (!holds.getAsBoolean()) {
      if (world.scheduler.time().nanoTime() - from > MOST_TO_AGREE.toNanos()) {
        throw new AssertionError(what + "; " + world.links());
      }
      world.sleep(Duration.ofSeconds(5));
    }
  }

  int noticed() {
    return noticed;
  }

  /// What there was, for the log of a build.
  @Override
  public String toString() {
    return "%d disks put back and noticed, %d of which nobody had news"
        .formatted(noticed, harmless);
  }
}
