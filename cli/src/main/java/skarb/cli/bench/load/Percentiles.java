package skarb.cli.bench.load;

import org.HdrHistogram.AbstractHistogram;

/// How long operations took, in milliseconds.
///
/// @param mean the mean
/// @param p50 half took at most this long
/// @param p90 nine of ten
/// @param p99 99 of 100
/// @param p999 999 of 1,000
/// @param max the longest
public record Percentiles(
    double mean, double p50, double p90, double p99, double p999, double max) {
  private static final double NANOS_PER_MILLI = 1e6;

  /// Of a histogram of nanoseconds; all zero where it is empty.
  static Percentiles of(AbstractHistogram nanos) {
    return nanos.getTotalCount() == 0
        ? new Percentiles(0, 0, 0, 0, 0, 0)
        : new Percentiles(
            nanos.getMean() / NANOS_PER_MILLI,
            at(nanos, 50),
            at(nanos, 90),
            at(nanos, 99),
            at(nanos, 99.9),
            nanos.getMaxValue() / NANOS_PER_MILLI);
  }

  private static double at(AbstractHistogram nanos, double percentile) {
    return nanos.getValueAtPercentile(percentile) / NANOS_PER_MILLI;
  }

  /// Whether nothing was noted.
  public boolean isEmpty() {
    return max == 0;
  }
}
