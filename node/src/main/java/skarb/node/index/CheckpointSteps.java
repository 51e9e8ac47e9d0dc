package skarb.node.index;

/// Told how far a checkpoint has come: for tests, which look at the files of every step, since a
/// crash may leave any of them.
@FunctionalInterface
public interface CheckpointSteps {
  /// Nobody is told.
  CheckpointSteps NONE = step -> {};

  /// A step was done. Runs on the checkpoint's thread; what it throws fails the checkpoint.
  void done(Step step);

  /// The steps of a checkpoint, in order.
  enum Step {
    /// The fresh rows go to a new memtable from here on.
    FROZEN,
    /// The marker of the file that is to be written is gone, durably.
    UNMARKED,
    /// Some more rows were written; comes several times, also while the other file is copied over.
    WRITING,
    /// All rows were written, and MapDB has closed the file.
    CLOSED,
    /// The file is forced.
    FORCED,
    /// The new marker is forced, under another name.
    MARKER_WRITTEN,
    /// The marker has its name, durably: after a crash, this file is the one that is used.
    MARKED,
    /// Reads go to this file.
    SWITCHED,
    /// The last read of the other file has ended, and that is closed.
    RETIRED
  }
}
