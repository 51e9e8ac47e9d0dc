package skarb.cli.options;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import skarb.cli.output.CommandFailedException;
import skarb.cli.wiring.HostPort;
import skarb.cli.wiring.NodeAddress;
import skarb.cli.wiring.NodeConnection;
import skarb.cli.wiring.StoreConnection;
import skarb.cli.wiring.StoreConnection.ActFor;
import skarb.client.ClientConfig;
import skarb.client.Credentials;

/// How a command finds its server and who it is there: by the data directory, as an operator of it;
/// or by address, with a token or an access key.
public final class ConnectionOptions {
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
      description = {
        "The gRPC address of a server, instead of --data. Goes with --token-file, or with an access key in",
        "SKARB_ACCESS_KEY and SKARB_SECRET_KEY (or SKARB_SECRET_KEY_FILE)."
      })
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
  public void requireServer() {
    if (node == null && NodeConnection.runningServer(data) == null) {
      throw new CommandFailedException("no server runs on " + data + ": start it first");
    }
  }

  /// Connects, as an operator of the data directory or as whom the credentials say.
  ///
  /// @throws CommandFailedException where there is no store, or nobody to be
  public NodeConnection open() throws IOException {
    return node == null
        ? NodeConnection.ofDirectory(data)
        : NodeConnection.ofAddress(
            new NodeAddress(node, certificates, insecure), credentials(System.getenv()));
  }

  StoreConnection openStore(ActFor whom, ClientConfig.Builder config) throws IOException {
    return node == null
        ? StoreConnection.ofDirectory(data, whom, config)
        : StoreConnection.ofAddress(
            new NodeAddress(node, certificates, insecure), credentials(System.getenv()), config);
  }

  private Credentials credentials(Map<String, String> environment) {
    if (tokenFile != null) {
      return Credentials.token(token(tokenFile));
    }
    return EnvironmentKey.of(environment)
        .map(key -> Credentials.accessKey(key.accessKey(), key.secretKey()))
        .orElseThrow(() ->
            new CommandFailedException(
                "--node goes with --token-file, or with SKARB_ACCESS_KEY and SKARB_SECRET_KEY"));
  }

  private static String token(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (NoSuchFileException e) {
      throw new CommandFailedException("there is no file " + file);
    } catch (IOException e) {
      throw new CommandFailedException(file + " cannot be read: " + e.getMessage());
    }
  }
}
