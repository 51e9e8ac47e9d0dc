package skarb.simulation;

import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import skarb.testkit.disk.SimulatedCrash;

/// Whoever lets a site join the realm, and lets one leave it that has handed over all it had.
final class Registrar {
  private final World world;
  private final SplittableRandom random;
  private int joined;
  private int left;

  Registrar(World world) {
    this.world = world;
    this.random = world.random.split();
  }

  int joined() {
    return joined;
  }

  int left() {
    return left;
  }

  /// Perhaps one site joins, and perhaps one leaves.
  void act(BooleanSupplier over) {
    world.sleep(Duration.ofSeconds(random.nextInt(10, 90)));
    if (random.nextInt(3) == 0 && !over.getAsBoolean()) {
      try {
        joined += world.join(over) ? 1 : 0;
      } catch (IOException | StatusRuntimeException | SimulatedCrash e) {
        throw new AssertionError("a site could not join", e);
      }
    }
    if (random.nextInt(4) == 0 && world.sites.size() > 2) {
      SimulatedSite leaving = world.sites.get(random.nextInt(1, world.sites.size()));
      left += world.leave(leaving, over) ? 1 : 0;
    }
  }
}
