package skarb.cli;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Model.CommandSpec;

/// Serves until SIGTERM or SIGINT, then stops in order.
final class UntilStopped {
  private UntilStopped() {}

  /// What ends a server, requests in flight finished.
  interface Stop {
    void run() throws IOException;
  }

  /// Waits for the signal, stops, and ends the process: with 0 where the stop was clean.
  static void await(CommandSpec spec, Stop stop) throws InterruptedException {
    CountDownLatch stopped = new CountDownLatch(1);
    // The signals run this hook; halting at its end makes a clean stop exit with 0.
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("skarb-stop")
                .unstarted(() -> Runtime.getRuntime().halt(exitCode(spec, stop, stopped))));
    stopped.await();
  }

  private static int exitCode(CommandSpec spec, Stop stop, CountDownLatch stopped) {
    try {
      stop.run();
      return 0;
    } catch (IOException | RuntimeException e) {
      spec.commandLine().getErr().println("skarb: the stop was not clean: " + e.getMessage());
      return 1;
    } finally {
      spec.commandLine().getOut().flush();
      stopped.countDown();
    }
  }
}
