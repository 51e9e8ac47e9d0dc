package skarb.node.disk;

import java.nio.file.Path;

/// Judges a format's version, once the checksum that covers it has verified.
public final class FormatVersions {
  private FormatVersions() {}

  /// Passes what this release reads.
  ///
  /// @param offset where what has the version begins, from the start of the file
  /// @throws FormatTooOldException below the oldest
  /// @throws FormatTooNewException above the newest
  public static void check(Path file, long offset, int found, int oldest, int newest)
      throws FormatTooOldException, FormatTooNewException {
    if (found < oldest) {
      throw new FormatTooOldException(file, offset, found, oldest);
    }
    if (found > newest) {
      throw new FormatTooNewException(file, offset, found, newest);
    }
  }
}
