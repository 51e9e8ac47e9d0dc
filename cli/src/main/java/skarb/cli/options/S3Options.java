package skarb.cli.options;

import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import skarb.cli.output.CommandFailedException;
import skarb.cli.wiring.HostPort;
import skarb.cli.wiring.ServerConfig.TlsFiles;

/// How S3 is served: where, by which names, with which certificate.
public final class S3Options {
  @Option(
      names = "--s3-listen",
      paramLabel = "HOST:PORT",
      defaultValue = "${SKARB_S3_LISTEN:-127.0.0.1:9000}",
      converter = HostPort.Converter.class,
      description = "Where S3 listens (default: ${DEFAULT-VALUE}).")
  private HostPort s3Listen;

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
      description = "PEM certificate chain for all that listens. Goes with --tls-key.")
  private @Nullable Path certificate;

  @Option(names = "--tls-key", paramLabel = "FILE", description = "PEM private key.")
  private @Nullable Path key;

  @Option(
      names = "--insecure",
      description = "Listen off loopback without TLS: everybody on the way can read and change it.")
  private boolean insecure;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  /// The region.
  public String region() {
    return region;
  }

  /// The names.
  public List<String> domains() {
    return domains.stream().filter(domain -> !domain.isEmpty()).toList();
  }

  /// The certificate and its key.
  ///
  /// @throws CommandFailedException for one without the other
  public Optional<TlsFiles> tls() {
    if ((certificate == null) != (key == null)) {
      throw new CommandFailedException("--tls-cert and --tls-key go together");
    }
    return certificate == null || key == null
        ? Optional.empty()
        : Optional.of(new TlsFiles(certificate, key));
  }

  /// Where S3 listens.
  ///
  /// @throws CommandFailedException for a host that is none, or is off loopback unprotected
  public InetSocketAddress listen() {
    return listen("--s3-listen", s3Listen);
  }

  /// Where something listens, under the same rule.
  ///
  /// @param option what said so, for errors
  /// @throws CommandFailedException for a host that is none, or is off loopback unprotected
  public InetSocketAddress listen(String option, HostPort hostPort) {
    InetSocketAddress address;
    try {
      address = hostPort.resolve();
    } catch (IllegalArgumentException e) {
      throw new CommandFailedException(option + ": " + e.getMessage());
    }
    if (address.getAddress().isLoopbackAddress() || tls().isPresent()) {
      return address;
    }
    String where = HostPort.text(address) + " is off loopback";
    if (!insecure) {
      throw new CommandFailedException(
          option + " " + where + ": give --tls-cert and --tls-key, or --insecure to go without");
    }
    PrintWriter err = spec.commandLine().getErr();
    err.println(
        "skarb: warning: "
            + where
            + " without TLS: everybody on the way can read and change what passes");
    return address;
  }
}
