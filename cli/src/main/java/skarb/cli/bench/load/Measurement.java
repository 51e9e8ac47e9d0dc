package skarb.cli.bench.load;

import java.util.Map;

/// What was measured of a load.
///
/// @param seconds how long
/// @param operations each by itself
/// @param errors how many requests failed, by code, in the warm-up as well
/// @param examples a message of each code
/// @param cpu what was computed meanwhile
public record Measurement(
    double seconds,
    Map<Operation, Figures> operations,
    Map<String, Long> errors,
    Map<String, String> examples,
    CpuUse cpu) {

  /// Copies its maps.
  public Measurement {
    operations = Map.copyOf(operations);
    errors = Map.copyOf(errors);
    examples = Map.copyOf(examples);
  }

  /// One operation's.
  ///
  /// @param count how many succeeded
  /// @param objects that they touched: keys of a page, objects of a batch
  /// @param bytes of bodies
  /// @param latency from the request to the end of its answer
  /// @param firstByte from the request to the first byte of its answer, where that was noted
  /// @param perSecond how steady
  public record Figures(
      long count,
      long objects,
      long bytes,
      Percentiles latency,
      Percentiles firstByte,
      PerSecond perSecond) {}

  /// Requests that failed.
  public long failed() {
    return errors.values().stream().mapToLong(Long::longValue).sum();
  }
}
