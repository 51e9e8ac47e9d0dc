package skarb.cli.bench.load;

import java.util.Arrays;

/// How steady a load was: operations in its whole seconds.
///
/// @param slowest in the slowest of them
/// @param median in the middle one
/// @param fastest in the fastest
public record PerSecond(long slowest, long median, long fastest) {
  /// All zero where there is no whole second.
  static PerSecond of(long[] bySecond, int seconds) {
    if (seconds == 0) {
      return new PerSecond(0, 0, 0);
    }
    long[] sorted = Arrays.copyOf(bySecond, seconds);
    Arrays.sort(sorted);
    return new PerSecond(sorted[0], sorted[seconds / 2], sorted[seconds - 1]);
  }
}
