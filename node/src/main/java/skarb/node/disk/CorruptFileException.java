package skarb.node.disk;

import java.io.IOException;
import java.nio.file.Path;

/// Bytes on disk that are not what was written. Names the file, the offset, what was expected and
/// what was found.
public final class CorruptFileException extends IOException {
  private static final long serialVersionUID = 1L;

  /// @param offset the first byte of what does not verify, from the start of the file
  public CorruptFileException(Path file, long offset, String expected, String found) {
    super(file + " at " + offset + ": expected " + expected + ", found " + found);
  }
}
