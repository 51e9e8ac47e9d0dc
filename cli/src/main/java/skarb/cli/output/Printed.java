package skarb.cli.output;

import java.io.PrintWriter;

/// What must not be lost on its way to standard output.
public final class Printed {
  private Printed() {}

  /// Makes sure that what was printed was taken: a disk may be full, a pipe closed.
  ///
  /// @param otherwise what to say where it was not
  /// @throws CommandFailedException then
  public static void mustBeTaken(PrintWriter out, String otherwise) {
    if (out.checkError()) {
      throw new CommandFailedException(otherwise);
    }
  }
}
