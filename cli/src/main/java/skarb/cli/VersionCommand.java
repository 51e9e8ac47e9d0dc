package skarb.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import skarb.cli.output.Json;
import skarb.node.Node;

/// `skarb version`: which program this is.
@Command(name = "version", description = "Print the version.", mixinStandardHelpOptions = true)
final class VersionCommand implements Callable<Integer>, IVersionProvider {
  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    String java = Runtime.version().toString();
    spec.commandLine()
        .getOut()
        .println(
            json
                ? Json.report(Map.of("version", Node.version(), "java", java))
                : "skarb " + Node.version() + " (Java " + java + ")");
    return 0;
  }

  @Override
  public String[] getVersion() {
    return new String[] {"skarb " + Node.version()};
  }
}
