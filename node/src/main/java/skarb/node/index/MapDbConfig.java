package skarb.node.index;

/// The bounds of a [MapDbIndex].
///
/// @param memtableBudgetBytes about the most bytes of rows that are not in both files yet; at the
///   bound, applying waits
/// @param checkpointBytes about how many bytes of fresh rows start a checkpoint; at most a third of
///   the budget, since in the steady state as much again waits for the second file
/// @param compactionBytes a file below this many bytes is never made anew for having grown
public record MapDbConfig(long memtableBudgetBytes, long checkpointBytes, long compactionBytes) {
  /// The usual bounds: 64, 12 and 16 MiB.
  public static final MapDbConfig DEFAULT = new MapDbConfig(64L << 20, 12L << 20, 16L << 20);

  public MapDbConfig {
    if (checkpointBytes <= 0 || checkpointBytes > memtableBudgetBytes / 3) {
      throw new IllegalArgumentException(
          "checkpoints at " + checkpointBytes + " of " + memtableBudgetBytes + " bytes");
    }
  }
}
