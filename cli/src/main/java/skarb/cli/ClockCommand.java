package skarb.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import skarb.cli.options.NodeOptions;
import skarb.cli.output.Json;
import skarb.cli.wiring.NodeConnection;
import skarb.v1.ReplicationGrpc;
import skarb.v1.ResetClockRequest;
import skarb.v1.ResetClockResponse;

/// `skarb clock`: the clock that stamps writes.
@Command(
    name = "clock",
    description = "The clock that stamps writes.",
    mixinStandardHelpOptions = true,
    subcommands = ClockCommand.Reset.class)
final class ClockCommand {

  /// `skarb clock reset`.
  @Command(
      name = "reset",
      description =
          "Let a running server write again that refuses writes with CLOCK_SKEW. Other sites take in what it writes"
              + " only once their clocks have come within 60 s of its stamps.",
      mixinStandardHelpOptions = true)
  static final class Reset implements Callable<Integer> {
    @Mixin private NodeOptions options;

    @Override
    public Integer call() throws Exception {
      options.requireServer();
      ResetClockResponse response;
      try (NodeConnection node = options.open()) {
        response =
            ReplicationGrpc.newBlockingStub(node.channel())
                .resetClock(ResetClockRequest.getDefaultInstance());
      }
      if (options.json()) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("aheadMillis", response.getAheadMillis());
        fields.put("wasRefusing", response.getWasRefusing());
        options.out().println(Json.report(fields));
      } else {
        options
            .out()
            .println(
                response.getWasRefusing()
                    ? "writes are taken again, with stamps "
                        + response.getAheadMillis() / 1000
                        + " s above the wall clock"
                    : "nothing to do: writes were not refused for the clock");
      }
      return 0;
    }
  }
}
