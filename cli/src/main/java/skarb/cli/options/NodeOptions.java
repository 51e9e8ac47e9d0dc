package skarb.cli.options;

import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import skarb.cli.output.CommandFailedException;
import skarb.cli.wiring.NodeConnection;

/// What every command takes that asks a node: where it is, and whether the answer is for programs.
public final class NodeOptions {
  @Mixin private ConnectionOptions connection;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  /// For what holds as long as a server runs.
  ///
  /// @throws CommandFailedException where none holds the folder
  public void requireServer() {
    connection.requireServer();
  }

  /// Connects, as an operator of the data directory or as whom the credentials say.
  ///
  /// @throws CommandFailedException where there is no store, or nobody to be
  public NodeConnection open() throws IOException {
    return connection.open();
  }

  /// Whether the answer is for programs.
  public boolean json() {
    return json;
  }

  /// Where the answer goes.
  public PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
