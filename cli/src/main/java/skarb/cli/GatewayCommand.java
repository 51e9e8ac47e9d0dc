package skarb.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import skarb.cli.options.EnvironmentKey;
import skarb.cli.options.S3Options;
import skarb.cli.output.CommandFailedException;
import skarb.cli.wiring.HostPort;
import skarb.cli.wiring.NodeAddress;
import skarb.cli.wiring.RemoteGateway;
import skarb.cli.wiring.ServerConfig.KeyPair;
import skarb.cli.wiring.ServerConfig.TlsFiles;
import skarb.node.Node;
import skarb.s3.GatewayConfig;

/// `skarb gateway`: S3 alone, before a node elsewhere.
@Command(
    name = "gateway",
    description = {
      "Run an S3 gateway alone, before a node on another machine. It keeps nothing: any number may stand before a node.",
      "Its access key is one that 'skarb keys create --role gateway' made at the node, and comes in SKARB_ACCESS_KEY and",
      "SKARB_SECRET_KEY (or SKARB_SECRET_KEY_FILE)."
    },
    mixinStandardHelpOptions = true)
final class GatewayCommand implements Callable<Integer> {
  private static final Duration DRAIN = Duration.ofSeconds(20);

  @Option(
      names = "--node",
      paramLabel = "HOST:PORT",
      required = true,
      defaultValue = "${SKARB_NODE:-" + Option.NULL_VALUE + "}",
      converter = HostPort.Converter.class,
      description = "The gRPC address of the node.")
  private HostPort node;

  @Option(
      names = "--node-tls-ca",
      paramLabel = "FILE",
      description =
          "Trust the certificates in this PEM file for the node (default off loopback: those the JDK trusts).")
  private @Nullable Path nodeCertificates;

  @Option(
      names = "--node-insecure",
      description =
          "Go to the node without TLS off loopback. Whoever listens on the way can act as any user: only for networks that"
              + " are protected otherwise.")
  private boolean nodeInsecure;

  @Mixin private S3Options s3;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    KeyPair key =
        EnvironmentKey.of(System.getenv())
            .orElseThrow(() ->
                new CommandFailedException(
                    "no key: make one at the node with 'skarb keys create --role gateway' and set SKARB_ACCESS_KEY and"
                        + " SKARB_SECRET_KEY"));
    Optional<TlsFiles> tls = s3.tls();
    GatewayConfig config =
        GatewayConfig.defaults(s3.listen()).withRegion(s3.region()).withDomains(s3.domains());
    if (tls.isPresent()) {
      config = config.withTls(new GatewayConfig.Tls(tls.get().certificate(), tls.get().key()));
    }
    NodeAddress address = new NodeAddress(node, nodeCertificates, nodeInsecure);
    if (address.isOpenToOthers()) {
      spec.commandLine()
          .getErr()
          .println(
              "skarb: warning: without TLS to "
                  + node
                  + " whoever listens on the way can act as any user");
    }
    RemoteGateway gateway = RemoteGateway.start(config, address, key);
    gateway
        .unreachable()
        .ifPresent(why ->
            spec.commandLine()
                .getErr()
                .println(
                    "skarb: warning: "
                        + node
                        + " cannot be reached: "
                        + why
                        + "; requests get 503 until it can"));
    PrintWriter out = spec.commandLine().getOut();
    out.println("Skarb " + Node.version() + ", gateway before " + node);
    out.println(
        "  S3    "
            + (tls.isPresent() ? "https://" : "http://")
            + HostPort.text(gateway.s3Address()));
    out.flush();
    UntilStopped.await(spec, () -> gateway.stop(DRAIN));
    return 0;
  }
}
