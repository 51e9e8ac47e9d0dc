package skarb.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import skarb.cli.options.EnvironmentKey;
import skarb.cli.options.S3Options;
import skarb.cli.output.CommandFailedException;
import skarb.cli.wiring.HostPort;
import skarb.cli.wiring.ServerConfig;
import skarb.cli.wiring.SkarbServer;
import skarb.node.NodeConfig.PeerListen;

/// `skarb server`: node, index and gateway in one process.
@Command(
    name = "server",
    description = "Run a whole store: node, index and S3 gateway in one process.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "SKARB_ACCESS_KEY and SKARB_SECRET_KEY (or SKARB_SECRET_KEY_FILE) ensure an access key at the start."
    })
final class ServerCommand implements Callable<Integer> {
  /// How long a stop waits for requests in flight.
  private static final Duration DRAIN = Duration.ofSeconds(20);

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "${SKARB_DATA:-data}",
      description = "The store's folder, made if absent (default: ${DEFAULT-VALUE}).")
  private Path data;

  @Mixin private S3Options s3;

  @Option(
      names = "--grpc-listen",
      paramLabel = "HOST:PORT",
      defaultValue = "${SKARB_GRPC_LISTEN:-127.0.0.1:9010}",
      converter = HostPort.Converter.class,
      description = "Where gRPC listens (default: ${DEFAULT-VALUE}).")
  private HostPort grpcListen;

  @Option(
      names = "--peer-listen",
      paramLabel = "HOST:PORT",
      defaultValue = "${SKARB_PEER_LISTEN:-}",
      description =
          "Where other sites come to, by certificates of the realm alone (default: none come).")
  private String peerListen = "";

  @Option(
      names = "--peer-address",
      paramLabel = "HOST:PORT",
      defaultValue = "${SKARB_PEER_ADDRESS:-}",
      description =
          "Where other sites reach this one, where that is not --peer-listen: behind a wildcard or a NAT.")
  private String peerAddress = "";

  @Option(
      names = "--site",
      paramLabel = "NAME",
      defaultValue = "${SKARB_SITE:-}",
      description = "The site's name, fixed when the store is made (default: made up).")
  private String site;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    ServerConfig config = config(System.getenv());
    SkarbServer server = SkarbServer.start(config, line -> out.println(line));
    StartLines.print(server, config, out);
    UntilStopped.await(spec, () -> server.stop(DRAIN));
    return 0;
  }

  private ServerConfig config(Map<String, String> environment) {
    return new ServerConfig(
        data,
        site,
        s3.listen(),
        s3.listen("--grpc-listen", grpcListen),
        s3.tls(),
        s3.region(),
        EnvironmentKey.of(environment),
        s3.domains(),
        peers());
  }

  /// TLS with certificates on both sides is all that is spoken there, so it may be anywhere.
  private Optional<PeerListen> peers() {
    if (peerListen.isEmpty()) {
      if (!peerAddress.isEmpty()) {
        throw new CommandFailedException("--peer-address goes with --peer-listen");
      }
      return Optional.empty();
    }
    try {
      return Optional.of(
          new PeerListen(
              HostPort.parse(peerListen).resolve(),
              peerAddress.isEmpty() ? "" : HostPort.parse(peerAddress).toString()));
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException("--peer-listen, --peer-address: " + e.getMessage());
    }
  }
}
