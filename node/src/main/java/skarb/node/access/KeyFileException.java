package skarb.node.access;

import java.io.IOException;
import java.nio.file.Path;

/// A file of secrets in the data directory that cannot be used: missing, readable by everybody, or
/// not of this store. The message is one line for whoever started the program, and says what to do.
public final class KeyFileException extends IOException {
  private static final long serialVersionUID = 1L;

  KeyFileException(Path file, String problem) {
    super(file + " " + problem);
  }
}
