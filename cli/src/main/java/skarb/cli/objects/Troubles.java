package skarb.cli.objects;

import java.io.PrintWriter;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Model.CommandSpec;
import skarb.cli.output.ErrorLine;

/// What failed of one command that does many things: each is said at once, in a line of its own.
/// Safe for any thread.
final class Troubles {
  private final PrintWriter err;
  private final AtomicLong count = new AtomicLong();

  Troubles(CommandSpec spec) {
    this.err = spec.commandLine().getErr();
  }

  /// @param what the path that it is about
  void add(String what, Exception failure) {
    add(what, ErrorLine.text(failure));
  }

  /// @param what the path that it is about
  void add(String what, String why) {
    count.incrementAndGet();
    err.println("skarb: " + Printable.of(what + ": " + why));
  }

  long count() {
    return count.get();
  }

  /// 1 where anything failed.
  int exitCode() {
    return count() == 0 ? 0 : 1;
  }
}
