package skarb.cli.wiring;

import io.grpc.Channel;
import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import skarb.cli.output.CommandFailedException;
import skarb.cli.wiring.ServerConfig.TlsFiles;
import skarb.node.Node;
import skarb.node.NodeConfig;
import skarb.node.StorageConfig;
import skarb.node.disk.WholeFile;
import skarb.s3.Gateway;
import skarb.s3.GatewayConfig;
import skarb.sync.SyncSeams;

/// A whole Skarb in one process: seams, node, gateway, put together from top to bottom and closed
/// in reverse. The gateway reaches the node by gRPC's in-process transport, on a channel that is a
/// gateway's by being handed over here.
public final class SkarbServer {
  private final SystemSeams seams;
  private final Node node;
  private final Gateway gateway;
  private final PeerLinks links;
  private final List<String> keyLines;

  private SkarbServer(
      SystemSeams seams, Node node, Gateway gateway, PeerLinks links, List<String> keyLines) {
    this.seams = seams;
    this.node = node;
    this.gateway = gateway;
    this.links = links;
    this.keyLines = keyLines;
  }

  /// Starts it: when this returns, it serves.
  ///
  /// @param progress takes lines for people while a long start goes on
  public static SkarbServer start(ServerConfig config, Consumer<String> progress)
      throws IOException {
    return start(config, StorageConfig.standard(), InstantSource.system(), progress);
  }

  /// The same for somebody who brings the clock, and says how the store lies on its disk.
  ///
  /// @param clock what the store's times are of, and what signatures and tokens are judged by; safe
  ///   for many threads
  public static SkarbServer start(
      ServerConfig config, StorageConfig storage, InstantSource clock, Consumer<String> progress)
      throws IOException {
    FirstKey.check(config.environmentKey());
    SystemSeams seams = SystemSeams.start(clock);
    try {
      Node node = Node.open(nodeConfig(config).withStorage(storage), seams.seams(), progress);
      try {
        return serve(config, seams, node);
      } catch (IOException | RuntimeException e) {
        node.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      seams.close();
      throw e;
    }
  }

  /// The gateway comes before the first key: a port that is taken must not cost a secret that was
  /// never shown.
  private static SkarbServer serve(ServerConfig config, SystemSeams seams, Node node)
      throws IOException {
    Gateway gateway =
        Gateway.start(
            gatewayConfig(config),
            node.gatewayChannel(),
            seams.seams().clock(),
            seams.seams().random());
    try {
      List<String> keyLines =
          keyLines(FirstKey.ensure(node, config.environmentKey()), config.data());
      node.publishAddress(publishedAddress(node.grpcAddress(), config.tls()).encode());
      PeerLinks links = links(seams, node, node::peerChannel);
      links.start();
      return new SkarbServer(seams, node, gateway, links, keyLines);
    } catch (IOException | RuntimeException e) {
      gateway.close();
      throw e;
    }
  }

  private static PeerLinks links(SystemSeams seams, Node node, PeerChannels channels) {
    SyncSeams sync =
        new SyncSeams(
            seams.seams().clock(),
            seams.seams().nanoTime(),
            seams.seams().threads(),
            seams.seams().timer(),
            seams.seams().random());
    PeerLinks links = new PeerLinks(sync, node.peers(), node.operatorChannel(), channels);
    node.links().drivenBy(links);
    return links;
  }

  private static NodeConfig nodeConfig(ServerConfig config) {
    return NodeConfig.server(
            config.data(),
            config.siteName(),
            config.grpcListen(),
            config.tls().map(TlsFiles::certificate),
            config.tls().map(TlsFiles::key))
        .withPeers(config.peers());
  }

  private static GatewayConfig gatewayConfig(ServerConfig config) {
    GatewayConfig gateway =
        GatewayConfig.defaults(config.s3Listen())
            .withRegion(config.region())
            .withDomains(config.domains());
    return config.tls().isPresent()
        ? gateway.withTls(
            new GatewayConfig.Tls(config.tls().get().certificate(), config.tls().get().key()))
        : gateway;
  }

  /// Says which key there is to begin with, and where its secret is.
  private static List<String> keyLines(FirstKey key, Path data) throws IOException {
    Path file = data.resolve("first-key");
    return switch (key) {
      case FirstKey.FromEnvironment(String accessKey, boolean enabled) ->
          List.of(
              "key   "
                  + accessKey
                  + (enabled
                      ? " (from the environment)"
                      : " (from the environment) is disabled: skarb keys enable " + accessKey));
      case FirstKey.Old() -> Files.exists(file) ? List.of("key   in " + file) : List.of();
      case FirstKey.Made(String accessKey, String secretKey) -> {
        if (Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent()) {
          yield List.of(
              "key   " + accessKey, "      secret " + secretKey + " (shown this once: keep it)");
        }
        writeSecret(file, accessKey, secretKey);
        yield List.of("key   " + accessKey + ", its secret in " + file);
      }
    };
  }

  private static void writeSecret(Path file, String accessKey, String secret) throws IOException {
    String text = "AWS_ACCESS_KEY_ID=" + accessKey + "\nAWS_SECRET_ACCESS_KEY=" + secret + "\n";
    WholeFile.writeSecret(file, text.getBytes(StandardCharsets.UTF_8));
  }

  private static PublishedAddress publishedAddress(
      InetSocketAddress address, Optional<TlsFiles> tls) throws IOException {
    HostPort hostPort =
        new HostPort(
            address.getAddress().isAnyLocalAddress()
                ? "127.0.0.1"
                : address.getAddress().getHostAddress(),
            address.getPort());
    if (tls.isEmpty()) {
      return new PublishedAddress(hostPort, "");
    }
    try (InputStream in = Files.newInputStream(tls.get().certificate())) {
      X509Certificate certificate =
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
      return new PublishedAddress(hostPort, PinnedCertificate.fingerprint(certificate));
    } catch (CertificateException e) {
      throw new CommandFailedException(
          tls.get().certificate() + " cannot be read: " + e.getMessage());
    }
  }

  /// Where S3 listens.
  public InetSocketAddress s3Address() {
    return gateway.address();
  }

  /// Where gRPC listens.
  public InetSocketAddress grpcAddress() {
    return node.grpcAddress();
  }

  /// A channel on which the caller is a gateway. Closed with the server.
  public Channel gatewayChannel() {
    return node.gatewayChannel();
  }

  /// A channel on which the caller is an operator. Closed with the server.
  public Channel operatorChannel() {
    return node.operatorChannel();
  }

  /// Where other sites come to; empty where none do.
  public Optional<InetSocketAddress> peerAddress() {
    return node.peerAddress();
  }

  /// The program's version.
  public String version() {
    return Node.version();
  }

  /// The site's name.
  public String siteName() {
    return node.siteName();
  }

  /// Lines that say which key there is to begin with.
  public List<String> keyLines() {
    return keyLines;
  }

  /// Takes no more requests, waits for those in flight, and closes everything, whatever of it
  /// fails.
  ///
  /// @param drain how long to wait
  public void stop(Duration drain) throws IOException {
    LongSupplier nanoTime = seams.seams().nanoTime();
    long deadline = nanoTime.getAsLong() + drain.toNanos();
    Steps.all(
        () -> gateway.drain(drain),
        gateway::close,
        links::close,
        () -> node.drain(Duration.ofNanos(Math.max(0, deadline - nanoTime.getAsLong()))),
        node::close,
        seams::close);
  }
}
