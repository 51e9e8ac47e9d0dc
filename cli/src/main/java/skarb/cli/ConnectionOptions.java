package skarb.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import skarb.cli.output.CommandFailedException;
import skarb.cli.wiring.HostPort;
import skarb.cli.wiring.NodeConnection;
import skarb.node.DataDirectory;

/// How an operator's command finds its server: by the data directory, or by address and token.
final class ConnectionOptions {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "${SKARB_DATA:-data}",
      description =
          "The store's folder (default: ${DEFAULT-VALUE}). The server that holds it is asked; where none does, the"
              + " command works on the folder itself.")
  private Path data;

  @Option(
      names = "--node",
      paramLabel = "HOST:PORT",
      converter = HostPort.Converter.class,
      description = "The gRPC address of a server, instead of --data. Goes with --token-file.")
  private @Nullable HostPort node;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "A file with the bearer token for --node.")
  private @Nullable Path tokenFile;

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description =
          "With --node: trust the certificates in this PEM file (default off loopback: those the JDK trusts).")
  private @Nullable Path certificates;

  @Option(
      names = "--insecure",
      description =
          "With --node: connect without TLS off loopback. The token travels in the clear.")
  private boolean insecure;

  /// For what holds as long as a server runs.
  ///
  /// @throws CommandFailedException where none holds the folder
  void requireServer() {
    if (node == null && DataDirectory.runningServer(data) == null) {
      throw new CommandFailedException("no server runs on " + data + ": start it first");
    }
  }

  NodeConnection open() throws Exception {
    return node == null
        ? NodeConnection.ofDirectory(data)
        : NodeConnection.ofAddress(node, tokenFile, certificates, insecure);
  }
}
