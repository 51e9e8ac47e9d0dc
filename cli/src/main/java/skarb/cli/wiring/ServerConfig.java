package skarb.cli.wiring;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import skarb.node.NodeConfig.PeerListen;

/// What `skarb server` was asked to do.
///
/// @param data the store's folder
/// @param siteName for a store that is made now; empty: made up
/// @param s3Listen where S3 listens; port 0 for any free one
/// @param grpcListen where gRPC listens; port 0 for any free one
/// @param tls certificate and key for both listeners
/// @param region the region that S3 answers with
/// @param environmentKey an access key to ensure at the start
/// @param domains names that S3 goes by: a host below one of them names a bucket
/// @param peers where other sites come to; empty: none do
public record ServerConfig(
    Path data,
    String siteName,
    InetSocketAddress s3Listen,
    InetSocketAddress grpcListen,
    Optional<TlsFiles> tls,
    String region,
    Optional<KeyPair> environmentKey,
    List<String> domains,
    Optional<PeerListen> peers) {

  /// One that goes by no name of its own.
  public ServerConfig(
      Path data,
      String siteName,
      InetSocketAddress s3Listen,
      InetSocketAddress grpcListen,
      Optional<TlsFiles> tls,
      String region,
      Optional<KeyPair> environmentKey) {
    this(
        data,
        siteName,
        s3Listen,
        grpcListen,
        tls,
        region,
        environmentKey,
        List.of(),
        Optional.empty());
  }

  /// The same, and other sites come to it.
  public ServerConfig withPeers(PeerListen listener) {
    return new ServerConfig(
        data,
        siteName,
        s3Listen,
        grpcListen,
        tls,
        region,
        environmentKey,
        domains,
        Optional.of(listener));
  }

  /// PEM files.
  ///
  /// @param certificate the chain, the server's own certificate first
  /// @param key the private key, PKCS#8
  public record TlsFiles(Path certificate, Path key) {}

  /// An access key.
  ///
  /// @param accessKey its id
  /// @param secretKey its secret
  public record KeyPair(String accessKey, String secretKey) {
    @Override
    public String toString() {
      return "KeyPair[" + accessKey + "]";
    }
  }
}
