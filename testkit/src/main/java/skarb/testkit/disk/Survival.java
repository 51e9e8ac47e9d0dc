package skarb.testkit.disk;

import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// Draws what outlives a crash of what was not forced.
///
/// Independent coin tosses for each write would almost never give the two states that matter most,
/// all of a file and nothing of it; so the whole crash, and then each file, first draws a leaning.
final class Survival {
  /// What becomes of one unforced write.
  enum Fate {
    LOST,
    TORN,
    KEPT
  }

  private enum Leaning {
    NOTHING,
    EVERYTHING,
    MIXED
  }

  private final Leaning leaning;
  private final @Nullable SplittableRandom random;

  private Survival(Leaning leaning, @Nullable SplittableRandom random) {
    this.leaning = leaning;
    this.random = random;
  }

  static Survival ofNothing() {
    return new Survival(Leaning.NOTHING, null);
  }

  static Survival ofEverything() {
    return new Survival(Leaning.EVERYTHING, null);
  }

  static Survival drawnFrom(SplittableRandom random) {
    return new Survival(draw(random, 8), random);
  }

  /// The same, leaning anew for one file.
  Survival ofOneFile() {
    return random == null || leaning != Leaning.MIXED
        ? this
        : new Survival(draw(random, 4), random);
  }

  private static Leaning draw(SplittableRandom random, int sides) {
    return switch (random.nextInt(sides)) {
      case 0 -> Leaning.NOTHING;
      case 1 -> Leaning.EVERYTHING;
      default -> Leaning.MIXED;
    };
  }

  /// Whether a changed directory entry, or a sector of a torn write, is there.
  boolean one() {
    return switch (leaning) {
      case NOTHING -> false;
      case EVERYTHING -> true;
      case MIXED -> random != null && random.nextBoolean();
    };
  }

  /// How many of `count` successive sizes of a file took effect.
  int sizes(int count) {
    return switch (leaning) {
      case NOTHING -> 0;
      case EVERYTHING -> count;
      case MIXED -> random == null ? 0 : random.nextInt(count + 1);
    };
  }

  Fate write() {
    return switch (leaning) {
      case NOTHING -> Fate.LOST;
      case EVERYTHING -> Fate.KEPT;
      case MIXED ->
          random == null ? Fate.LOST : Fate.values()[random.nextInt(Fate.values().length)];
    };
  }
}
