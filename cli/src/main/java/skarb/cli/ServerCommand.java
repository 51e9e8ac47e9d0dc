package skarb.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import skarb.cli.output.CommandFailedException;
import skarb.cli.wiring.HostPort;
import skarb.cli.wiring.ServerConfig;
import skarb.cli.wiring.ServerConfig.KeyPair;
import skarb.cli.wiring.ServerConfig.TlsFiles;
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

  @Option(
      names = "--s3-listen",
      paramLabel = "HOST:PORT",
      defaultValue = "${SKARB_S3_LISTEN:-127.0.0.1:9000}",
      converter = HostPort.Converter.class,
      description = "Where S3 listens (default: ${DEFAULT-VALUE}).")
  private HostPort s3Listen;

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

  @Option(
      names = "--region",
      paramLabel = "NAME",
      defaultValue = "${SKARB_REGION:-us-east-1}",
      description = "The region that S3 answers with (default: ${DEFAULT-VALUE}).")
  private String region;

  @Option(
      names = "--domain",
      paramLabel = "NAME",
      split = ",",
      defaultValue = "${SKARB_DOMAIN:-}",
      description =
          "A name that S3 goes by, so that http://BUCKET.NAME/KEY works, beside localhost. May be repeated.")
  private List<String> domains = List.of();

  @Option(
      names = "--tls-cert",
      paramLabel = "FILE",
      description = "PEM certificate chain for both listeners. Goes with --tls-key.")
  private @Nullable Path certificate;

  @Option(names = "--tls-key", paramLabel = "FILE", description = "PEM private key.")
  private @Nullable Path key;

  @Option(
      names = "--insecure",
      description = "Listen off loopback without TLS: everybody on the way can read and change it.")
  private boolean insecure;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    ServerConfig config = config(System.getenv());
    SkarbServer server = SkarbServer.start(config, line -> out.println(line));
    CountDownLatch stopped = new CountDownLatch(1);
    // SIGTERM and SIGINT run this hook; halting at its end makes a clean stop exit with 0.
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("skarb-stop")
                .unstarted(() -> Runtime.getRuntime().halt(stop(server, stopped))));
    StartLines.print(server, config, out);
    stopped.await();
    return 0;
  }

  private int stop(SkarbServer server, CountDownLatch stopped) {
    try {
      server.stop(DRAIN);
      return 0;
    } catch (IOException | RuntimeException e) {
      spec.commandLine().getErr().println("skarb: the stop was not clean: " + e.getMessage());
      return 1;
    } finally {
      spec.commandLine().getOut().flush();
      stopped.countDown();
    }
  }

  private ServerConfig config(Map<String, String> environment) {
    if ((certificate == null) != (key == null)) {
      throw new CommandFailedException("--tls-cert and --tls-key go together");
    }
    Optional<TlsFiles> tls =
        certificate == null || key == null
            ? Optional.empty()
            : Optional.of(new TlsFiles(certificate, key));
    return new ServerConfig(
        data,
        site,
        listen("--s3-listen", s3Listen, tls.isPresent()),
        listen("--grpc-listen", grpcListen, tls.isPresent()),
        tls,
        region,
        environmentKey(environment),
        domains.stream().filter(domain -> !domain.isEmpty()).toList(),
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

  private InetSocketAddress listen(String option, HostPort hostPort, boolean tls) {
    InetSocketAddress address;
    try {
      address = hostPort.resolve();
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException(option + ": " + e.getMessage());
    }
    if (address.getAddress().isLoopbackAddress() || tls) {
      return address;
    }
    if (!insecure) {
      throw new CommandFailedException(
          option
              + " "
              + HostPort.text(address)
              + " is off loopback: give --tls-cert and --tls-key, or --insecure to go without");
    }
    spec.commandLine()
        .getErr()
        .println(
            "skarb: warning: "
                + HostPort.text(address)
                + " is off loopback without TLS: everybody on the way can read and change what passes");
    return address;
  }

  private static Optional<KeyPair> environmentKey(Map<String, String> environment) {
    String accessKey = environment.getOrDefault("SKARB_ACCESS_KEY", "");
    String secretKey = environment.getOrDefault("SKARB_SECRET_KEY", "");
    String secretFile = environment.getOrDefault("SKARB_SECRET_KEY_FILE", "");
    if (secretKey.isEmpty() && !secretFile.isEmpty()) {
      try {
        secretKey = Files.readString(Path.of(secretFile)).strip();
      } catch (IOException e) {
        throw new CommandFailedException("SKARB_SECRET_KEY_FILE cannot be read: " + secretFile);
      }
    }
    if (accessKey.isEmpty() != secretKey.isEmpty()) {
      throw new CommandFailedException("SKARB_ACCESS_KEY and SKARB_SECRET_KEY go together");
    }
    return accessKey.isEmpty() ? Optional.empty() : Optional.of(new KeyPair(accessKey, secretKey));
  }
}
