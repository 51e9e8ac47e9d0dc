package skarb.testkit.seed;

import java.security.SecureRandom;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/// Runs a random test with many seeds, and says on failure which one repeats it.
///
/// ```java
/// Seeds.forEach(200, (seed, random) -> { ... });
/// ```
///
/// Seeds are new in each build, so that ever more of the space is seen. `-Dskarb.seed=N` runs that
/// one alone; `-Dskarb.runs=N` changes the number of runs of every such test, for a long search;
/// `-Dskarb.minutes=N` begins no further run after that time, at least one having been done.
public final class Seeds {
  private static final long BOUND = 1_000_000_000_000L;

  private Seeds() {}

  /// What a run does.
  public interface Body {
    /// Does it.
    ///
    /// @param seed for parts that draw by themselves (a scheduler, a crash)
    /// @param random a generator that this seed begins: the same on every JVM
    void run(long seed, RandomGenerator random) throws Exception;
  }

  /// Runs `body` with `runs` seeds, or with the one asked for.
  ///
  /// @throws AssertionError as soon as a run fails, with its seed in the message and the failure as
  ///   its cause
  public static void forEach(int runs, Body body) {
    Optional<Long> chosen = numberIn("skarb.seed");
    if (chosen.isPresent()) {
      runOne(chosen.get(), body);
      return;
    }
    SecureRandom source = new SecureRandom();
    long count = numberIn("skarb.runs").orElse((long) runs);
    long most = numberIn("skarb.minutes").map(TimeUnit.MINUTES::toNanos).orElse(Long.MAX_VALUE);
    long began = System.nanoTime();
    for (long i = 0; i < count && (i == 0 || System.nanoTime() - began < most); i++) {
      runOne(source.nextLong(1, BOUND), body);
    }
  }

  /// Like [#forEach], but with the seeds from `first` on where nothing else is asked for: for
  /// histories so long that a build which fails by its seed alone would tell nobody anything.
  /// `-Dskarb.runs=N` draws new ones.
  public static void forEachFrom(long first, int runs, Body body) {
    if (numberIn("skarb.seed").isPresent() || numberIn("skarb.runs").isPresent()) {
      forEach(runs, body);
      return;
    }
    for (long seed = first; seed < first + runs; seed++) {
      runOne(seed, body);
    }
  }

  /// A generator that draws the same numbers for one seed on every JVM.
  public static RandomGenerator generator(long seed) {
    return new SplittableRandom(seed);
  }

  private static void runOne(long seed, Body body) {
    try {
      body.run(seed, generator(seed));
    } catch (Throwable e) {
      throw new AssertionError("-Dskarb.seed=" + seed + " repeats it: " + e, e);
    }
  }

  private static Optional<Long> numberIn(String property) {
    String text = System.getProperty(property, "").strip();
    try {
      return text.isEmpty() ? Optional.empty() : Optional.of(Long.valueOf(text));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not a number: -D" + property + "=" + text, e);
    }
  }
}
