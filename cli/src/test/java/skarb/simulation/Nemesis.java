package skarb.simulation;

import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import skarb.testkit.disk.DiskOperation;
import skarb.testkit.disk.FailureMode;
import skarb.testkit.net.SimulatedLink;

/// Whoever breaks things: lines, machines and clocks, one after the other, and counts what it
/// broke.
final class Nemesis {
  /// What it does.
  enum Fault {
    CUT_LINE,
    CUT_ALL_LINES,
    STALL_LINE,
    MEND,
    POWER_CUT,
    POWER_CUT_AT_A_WRITE,
    KILL,
    RESTART,
    CLOCK_FORWARD,
    CLOCK_BACK,
    CLOCK_FAST
  }

  private static final List<Fault> FAULTS = List.of(Fault.values());

  private final World world;
  private final SplittableRandom random;
  private final Map<Fault, Integer> done = new EnumMap<>(Fault.class);
  private final boolean farClocks;

  Nemesis(World world) {
    this.world = world;
    this.random = world.random.split();
    this.farClocks = random.nextInt(20) == 0;
  }

  Map<Fault, Integer> done() {
    return done;
  }

  /// One fault, and a rest.
  void act() throws IOException {
    raiseTheDead();
    Fault fault = FAULTS.get(random.nextInt(FAULTS.size()));
    SimulatedLink line = world.lines.get(random.nextInt(world.lines.size()));
    List<SimulatedSite> sites = world.present();
    SimulatedSite site = sites.get(random.nextInt(sites.size()));
    done.merge(fault, 1, Integer::sum);
    world.scheduler.trace(fault + " " + site.name);
    switch (fault) {
      case CUT_LINE -> line.cut();
      case CUT_ALL_LINES -> world.lines.forEach(SimulatedLink::cut);
      case STALL_LINE -> {
        line.stall(
            random.nextBoolean()
                ? SimulatedLink.Direction.TO_SERVER
                : SimulatedLink.Direction.TO_CLIENT);
        world.sleep(Duration.ofMillis(random.nextInt(20_000)));
        if (random.nextBoolean()) {
          line.flow();
        } else {
          line.cut();
        }
      }
      case MEND -> mendAll();
      case POWER_CUT -> crash(site, false);
      case POWER_CUT_AT_A_WRITE -> dieSoon(site, 40);
      case KILL -> crash(site, true);
      case RESTART -> restart(site);
      case CLOCK_FORWARD -> site.clock.set(jump());
      case CLOCK_BACK -> site.clock.set(jump().negated());
      case CLOCK_FAST -> site.clock.run(random.nextInt(1, 50) / 1000.0);
    }
    world.sleep(Duration.ofMillis(random.nextInt(100, 8_000)));
  }

  private Duration jump() {
    return farClocks
        ? Duration.ofMinutes(random.nextInt(1, 75))
        : Duration.ofSeconds(random.nextInt(1, 120));
  }

  private void crash(SimulatedSite site, boolean keepsUnforced) throws IOException {
    site.powerOff();
    world.sleep(Duration.ofMillis(random.nextInt(200, 10_000)));
    site.powerOn(keepsUnforced);
    if (random.nextInt(6) == 0) { // it dies once more, while it comes up
      dieSoon(site, 15);
    }
    site.startUnlessItDies();
  }

  private void dieSoon(SimulatedSite site, int writes) {
    site.disk.failWhen(DiskOperation::mutates, random.nextInt(1, writes), FailureMode.POWER_CUT);
  }

  private void restart(SimulatedSite site) throws IOException {
    site.stopUnlessItDies();
    world.sleep(Duration.ofMillis(random.nextInt(10, 3_000)));
    if (!site.disk.faultFired()) {
      site.startUnlessItDies();
    }
  }

  private void raiseTheDead() throws IOException {
    for (SimulatedSite site : world.present()) {
      if (!site.isUp()) {
        crash(site, false);
      }
    }
  }

  private void mendAll() {
    world.present().forEach(SimulatedSite::mendLines);
  }

  /// All is well again: everything up, mended and in time.
  void heal() throws IOException {
    mendAll();
    for (SimulatedSite site : world.present()) {
      site.clock.setRight();
      if (!site.disk.faultFired()) {
        site.disk.clearFaults();
      }
      while (!site.isUp()) {
        crash(site, false);
      }
      site.disk.clearFaults();
    }
    mendAll();
  }
}
