package skarb.testkit.disk;

/// What becomes of an operation that a test chose to fail.
public enum FailureMode {
  /// It throws an `IOException`; later ones succeed.
  ONCE,
  /// It and every later one that the fault covers throw an `IOException`.
  PERSISTENT,
  /// The plug is pulled while it runs: [SimulatedCrash] until the restart, and its effect, like all
  /// that is unforced, may or may not be there afterwards.
  POWER_CUT
}
