package skarb.cli.objects;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import skarb.cli.output.CommandFailedException;

/// Bodies on standard output.
final class StandardStreams {
  private static final int BUFFER_BYTES = 256 << 10;

  private StandardStreams() {}

  /// Writes a body to its end.
  ///
  /// @return how many bytes
  /// @throws CommandFailedException where nobody reads any more
  static long write(InputStream body) throws IOException {
    PrintStream out = System.out;
    byte[] buffer = new byte[BUFFER_BYTES];
    long written = 0;
    int read;
    while ((read = body.read(buffer)) >= 0) {
      out.write(buffer, 0, read);
      written += read;
      if (out.checkError()) {
        throw new CommandFailedException("standard output is closed");
      }
    }
    return written;
  }
}
