package skarb.cli;

import java.io.PrintWriter;

/// Runs commands of `skarb` within the test's process.
public final class Commands {
  private Commands() {}

  /// @return the exit code
  public static int execute(PrintWriter out, PrintWriter err, String... command) {
    return Main.commandLine().setOut(out).setErr(err).execute(command);
  }
}
