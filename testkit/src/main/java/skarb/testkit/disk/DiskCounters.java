package skarb.testkit.disk;

/// How much was asked of the disk since it was made. Subtract two to know what one action cost.
///
/// @param forces of files
/// @param directoryForces of directories
/// @param bytesWritten sum over all writes
/// @param bytesRead sum over all reads
public record DiskCounters(
    long creates,
    long writes,
    long bytesWritten,
    long forces,
    long directoryForces,
    long truncates,
    long renames,
    long deletes,
    long reads,
    long bytesRead) {

  /// What was added since `earlier`.
  public DiskCounters minus(DiskCounters earlier) {
    return new DiskCounters(
        creates - earlier.creates,
        writes - earlier.writes,
        bytesWritten - earlier.bytesWritten,
        forces - earlier.forces,
        directoryForces - earlier.directoryForces,
        truncates - earlier.truncates,
        renames - earlier.renames,
        deletes - earlier.deletes,
        reads - earlier.reads,
        bytesRead - earlier.bytesRead);
  }
}
