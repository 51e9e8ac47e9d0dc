package skarb.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import skarb.cli.bench.BenchCommand;
import skarb.cli.objects.BucketsCommand;
import skarb.cli.objects.CatCommand;
import skarb.cli.objects.CpCommand;
import skarb.cli.objects.LsCommand;
import skarb.cli.objects.RmCommand;
import skarb.cli.output.ErrorLine;

/// The `skarb` command.
@Command(
    name = "skarb",
    description = "An object store for the only copy of your data.",
    mixinStandardHelpOptions = true,
    versionProvider = VersionCommand.class,
    subcommands = {
      ServerCommand.class,
      GatewayCommand.class,
      InitCommand.class,
      BucketsCommand.class,
      LsCommand.class,
      CpCommand.class,
      CatCommand.class,
      RmCommand.class,
      KeysCommand.class,
      TokenCommand.class,
      PeersCommand.class,
      CertsCommand.class,
      StatusCommand.class,
      ReplicationCommand.class,
      ConflictsCommand.class,
      ClockCommand.class,
      BenchCommand.class,
      CompletionCommand.class,
      VersionCommand.class,
      TrainCommand.class
    })
public final class Main {
  private Main() {}

  /// Runs one command and exits: 0 done, 1 failed with one line on standard error, 2 not a command
  /// line.
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    CommandLine commands = new CommandLine(new Main());
    commands.setExecutionExceptionHandler(new ErrorLine());
    commands.setParameterExceptionHandler(ErrorLine::badUsage);
    commands.setCaseInsensitiveEnumValuesAllowed(true);
    return commands;
  }
}
