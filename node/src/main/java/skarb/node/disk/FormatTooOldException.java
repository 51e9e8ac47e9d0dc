package skarb.node.disk;

import java.io.IOException;
import java.nio.file.Path;

/// A file, or a record in it, in a format that this release has ceased to read. The way out is an
/// upgrade by way of a release that reads both.
public final class FormatTooOldException extends IOException {
  private static final long serialVersionUID = 1L;

  /// @param offset where the version was read, from the start of the file
  /// @param found its version
  /// @param oldest the oldest version that this release reads
  public FormatTooOldException(Path file, long offset, int found, int oldest) {
    super(
        file
            + " at "
            + offset
            + ": format version "
            + found
            + " is too old; this release reads versions from "
            + oldest
            + ". Upgrade by way of a release that reads both.");
  }
}
