package skarb.cli.objects;

import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;
import skarb.cli.output.CommandFailedException;

/// Standard output for listings without end: many lines are written at once. For one thread.
final class Lines implements AutoCloseable {
  private static final int BATCH_CHARS = 32 << 10;

  private final PrintWriter out;
  private final StringBuilder pending = new StringBuilder();

  Lines(CommandSpec spec) {
    this.out = spec.commandLine().getOut();
  }

  /// @throws CommandFailedException where nobody reads any more
  void add(String line) {
    pending.append(line).append(System.lineSeparator());
    if (pending.length() >= BATCH_CHARS) {
      write();
    }
  }

  private void write() {
    out.print(pending);
    pending.setLength(0);
    if (out.checkError()) {
      throw new CommandFailedException("standard output is closed");
    }
  }

  @Override
  public void close() {
    write();
  }
}
