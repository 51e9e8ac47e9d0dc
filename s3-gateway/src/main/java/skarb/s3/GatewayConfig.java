package skarb.s3;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import skarb.s3.http.Limits;

/// How a gateway is set up.
///
/// @param listen where; port 0 takes a free one
/// @param tls what it shows its clients; empty: plain HTTP
/// @param region its own: what buckets without a LocationConstraint are in. Signatures may name any
/// @param limits what clients are allowed
/// @param bodyMemoryBytes memory that bodies on their way may take together; beyond it requests
///   wait, then get 503 SlowDown
/// @param nodeDeadline how long the node may take for a call without streams
/// @param nodeStreamIdle how long the node may let a stream stand still
/// @param domains names that it goes by: a host below one of them names a bucket
/// @param answerPatience after how long without an answer a slow request's client is sent spaces
public record GatewayConfig(
    InetSocketAddress listen,
    Optional<Tls> tls,
    String region,
    Limits limits,
    long bodyMemoryBytes,
    Duration nodeDeadline,
    Duration nodeStreamIdle,
    List<String> domains,
    Duration answerPatience) {
  /// The region where nobody says otherwise.
  public static final String DEFAULT_REGION = "us-east-1";

  /// A certificate and its key.
  ///
  /// @param certificate PEM, the chain from the server's own upwards
  /// @param key PEM, PKCS#8, without password
  public record Tls(Path certificate, Path key) {}

  /// Plain HTTP with all defaults.
  public static GatewayConfig defaults(InetSocketAddress listen) {
    return new GatewayConfig(
        listen,
        Optional.empty(),
        DEFAULT_REGION,
        Limits.defaults(),
        Math.max(32L << 20, Runtime.getRuntime().maxMemory() / 4),
        Duration.ofSeconds(60),
        Duration.ofSeconds(60),
        List.of(),
        Duration.ofSeconds(10));
  }

  /// The same over TLS.
  public GatewayConfig withTls(Tls with) {
    return new GatewayConfig(
        listen,
        Optional.of(with),
        region,
        limits,
        bodyMemoryBytes,
        nodeDeadline,
        nodeStreamIdle,
        domains,
        answerPatience);
  }

  /// The same in another region.
  public GatewayConfig withRegion(String in) {
    return new GatewayConfig(
        listen,
        tls,
        in,
        limits,
        bodyMemoryBytes,
        nodeDeadline,
        nodeStreamIdle,
        domains,
        answerPatience);
  }

  /// The same by other names.
  public GatewayConfig withDomains(List<String> as) {
    return new GatewayConfig(
        listen,
        tls,
        region,
        limits,
        bodyMemoryBytes,
        nodeDeadline,
        nodeStreamIdle,
        as,
        answerPatience);
  }

  /// The same with other limits.
  public GatewayConfig withLimits(Limits with) {
    return new GatewayConfig(
        listen,
        tls,
        region,
        with,
        bodyMemoryBytes,
        nodeDeadline,
        nodeStreamIdle,
        domains,
        answerPatience);
  }

  /// The same with another patience before spaces are sent.
  public GatewayConfig withAnswerPatience(Duration with) {
    return new GatewayConfig(
        listen, tls, region, limits, bodyMemoryBytes, nodeDeadline, nodeStreamIdle, domains, with);
  }
}
