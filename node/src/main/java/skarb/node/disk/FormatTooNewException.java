package skarb.node.disk;

import java.io.IOException;
import java.nio.file.Path;

/// A file, or a record in it, in a format of a later release. Nothing is wrong with it: this
/// release cannot read it. The way out is the newer release.
public final class FormatTooNewException extends IOException {
  private static final long serialVersionUID = 1L;

  /// @param offset where the version was read, from the start of the file
  /// @param found its version
  /// @param newest the newest version that this release reads
  public FormatTooNewException(Path file, long offset, int found, int newest) {
    super(
        file
            + " at "
            + offset
            + ": format version "
            + found
            + " was written by a newer release; this one reads versions up to "
            + newest
            + ". Start the newer release again, or restore what it changed.");
  }
}
