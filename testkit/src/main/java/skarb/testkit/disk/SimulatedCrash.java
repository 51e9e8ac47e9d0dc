package skarb.testkit.disk;

/// The power is off: thrown by the operation at which the plug was pulled and by every later one,
/// until [SimulatedFileSystem#restart].
///
/// An `Error`, since code that handles an `IOException` (retries, closes, writes a note of it) has
/// no chance to do so when the machine stops.
public final class SimulatedCrash extends Error {
  SimulatedCrash(String message) {
    super(message);
  }
}
