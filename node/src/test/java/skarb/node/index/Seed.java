package skarb.node.index;

import java.util.SplittableRandom;

/// The seed of a random test: given by `-Dskarb.seed`, else drawn, and printed either way.
final class Seed {
  private Seed() {}

  static SplittableRandom random(String test) {
    Long given = Long.getLong("skarb.seed");
    long seed = given != null ? given : new SplittableRandom().nextLong();
    System.out.println(test + ": -Dskarb.seed=" + seed);
    return new SplittableRandom(seed);
  }
}
