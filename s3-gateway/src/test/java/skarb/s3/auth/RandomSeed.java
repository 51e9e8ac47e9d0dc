package skarb.s3.auth;

import java.util.Random;

/// A seed that tells itself, so that a run can be repeated: `-Dskarb.seed=123`.
final class RandomSeed {
  private RandomSeed() {}

  static Random random(String test) {
    String given = System.getProperty("skarb.seed", "");
    long seed = given.isBlank() ? new Random().nextLong() : Long.parseLong(given);
    System.out.println(test + ": -Dskarb.seed=" + seed);
    return new Random(seed);
  }
}
