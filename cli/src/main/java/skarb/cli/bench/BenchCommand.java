package skarb.cli.bench;

import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import skarb.cli.bench.load.Plan.Kind;
import skarb.cli.bench.report.Report;

/// `skarb bench`: one command per load.
@Command(
    name = "bench",
    description = {
      "Load a server and measure it.",
      "Without --endpoint or --node it starts a server of its own, in a temporary folder."
    },
    mixinStandardHelpOptions = true,
    subcommands = {BenchCompareCommand.class, BenchServeCommand.class},
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Exit codes: 0 all requests succeeded, 1 some failed or the run did, 2 not a command line.",
      "How to read the figures: docs/performance.md."
    })
public final class BenchCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "which load? put, get, list, ...");
  }

  @Command(name = "put", description = "Store new objects.", mixinStandardHelpOptions = true)
  int put(@Mixin BenchOptions options) throws Exception {
    return bench(Kind.PUT, options);
  }

  @Command(
      name = "get",
      description = "Read objects in random order.",
      mixinStandardHelpOptions = true)
  int get(@Mixin BenchOptions options) throws Exception {
    return bench(Kind.GET, options);
  }

  @Command(
      name = "list",
      description = "List keys in pages of 1,000.",
      mixinStandardHelpOptions = true)
  int list(@Mixin BenchOptions options) throws Exception {
    return bench(Kind.LIST, options);
  }

  @Command(
      name = "delete",
      description = "Delete objects in batches, until the time or the objects run out.",
      mixinStandardHelpOptions = true)
  int delete(@Mixin BenchOptions options) throws Exception {
    return bench(Kind.DELETE, options);
  }

  @Command(
      name = "multipart",
      description = "Store new objects in parts.",
      mixinStandardHelpOptions = true)
  int multipart(@Mixin BenchOptions options) throws Exception {
    return bench(Kind.MULTIPART, options);
  }

  @Command(
      name = "mixed",
      description = "Of a hundred operations 45 get, 30 stat, 15 put, 10 delete.",
      mixinStandardHelpOptions = true)
  int mixed(@Mixin BenchOptions options) throws Exception {
    return bench(Kind.MIXED, options);
  }

  private int bench(Kind kind, BenchOptions options) throws Exception {
    PrintWriter err = spec.commandLine().getErr();
    BenchSettings settings = options.settings(kind, System.getenv());
    Report report = new BenchRun(settings, line -> err.println("skarb: " + line)).run();
    PrintWriter out = spec.commandLine().getOut();
    if (options.json()) {
      out.println(report.json());
    } else {
      report.print(out);
    }
    out.flush();
    if (report.failed() > 0 && !options.allowErrors()) {
      err.println("skarb: " + report.failed() + " requests failed: " + report.mostFrequentError());
      return 1;
    }
    return 0;
  }
}
