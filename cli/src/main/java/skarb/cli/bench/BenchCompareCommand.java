package skarb.cli.bench;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import skarb.cli.bench.report.Comparison;

/// `skarb bench compare`: what changed from one report to another.
@Command(
    name = "compare",
    description = "Compare two reports that --json printed.",
    mixinStandardHelpOptions = true)
final class BenchCompareCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "BEFORE", description = "A file with a report.")
  private Path before;

  @Parameters(index = "1", paramLabel = "AFTER", description = "A file with another.")
  private Path after;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Comparison.of(before, after).print(spec.commandLine().getOut());
    return 0;
  }
}
