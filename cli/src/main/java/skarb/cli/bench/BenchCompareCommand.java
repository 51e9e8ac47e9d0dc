package skarb.cli.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import skarb.cli.bench.report.Comparison;
import skarb.cli.output.CommandFailedException;
import skarb.cli.output.Json;

/// `skarb bench compare`: what changed from one report to another.
@Command(
    name = "compare",
    description = {
      "Compare two reports that --json printed, or two of JMH (-rf json).",
      "Of JMH's, a benchmark is better or worse where the confidence intervals do not overlap."
    },
    mixinStandardHelpOptions = true)
final class BenchCompareCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "BEFORE", description = "A file with a report.")
  private Path before;

  @Parameters(index = "1", paramLabel = "AFTER", description = "A file with another.")
  private Path after;

  @Option(
      names = "--fail-on-worse",
      description = "Exit with 1 where a benchmark of JMH's is worse.")
  private boolean failOnWorse;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Comparison comparison = Comparison.of(before, after);
    boolean failed = failOnWorse && !worse(comparison).isEmpty();
    if (json) {
      spec.commandLine().getOut().println(Json.report(comparison.fields()));
    } else {
      comparison.print(spec.commandLine().getOut());
    }
    return failed ? 1 : 0;
  }

  private static List<String> worse(Comparison comparison) {
    return comparison
        .worse()
        .orElseThrow(() ->
            new CommandFailedException(
                "reports of skarb bench do not say how large their errors are: --fail-on-worse is"
                    + " for JMH's"));
  }
}
