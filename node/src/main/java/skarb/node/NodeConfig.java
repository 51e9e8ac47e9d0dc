package skarb.node;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import skarb.node.service.ListenConfig;

/// How a node is to run.
///
/// @param data the store's folder, made if absent
/// @param siteName the site's name for a store that is made now; empty: made up
/// @param listen where to serve gRPC on the network; empty: within the process alone
/// @param peers where to serve other sites; empty: none come here
/// @param storage how the store lies on its disk
public record NodeConfig(
    Path data,
    String siteName,
    Optional<ListenConfig> listen,
    Optional<PeerListen> peers,
    StorageConfig storage) {

  /// One that no other sites come to.
  public NodeConfig(
      Path data, String siteName, Optional<ListenConfig> listen, StorageConfig storage) {
    this(data, siteName, listen, Optional.empty(), storage);
  }

  /// Where other sites come to.
  ///
  /// @param address where it listens; port 0 for any that is free
  /// @param reachableAt where others reach it, `host:port`; empty: at `address`
  public record PeerListen(InetSocketAddress address, String reachableAt) {}

  /// The same, and serves other sites.
  public NodeConfig withPeers(Optional<PeerListen> listener) {
    return new NodeConfig(data, siteName, listen, listener, storage);
  }

  /// The same, and its store lies on its disk in another way.
  public NodeConfig withStorage(StorageConfig other) {
    return new NodeConfig(data, siteName, listen, peers, other);
  }

  /// A node that serves.
  ///
  /// @param certificate PEM chain; goes with `key`
  public static NodeConfig server(
      Path data,
      String siteName,
      InetSocketAddress address,
      Optional<Path> certificate,
      Optional<Path> key) {
    Optional<ListenConfig.Tls> tls =
        certificate.isPresent() && key.isPresent()
            ? Optional.of(new ListenConfig.Tls(certificate.get(), key.get()))
            : Optional.empty();
    return new NodeConfig(
        data, siteName, Optional.of(new ListenConfig(address, tls)), StorageConfig.standard());
  }

  /// A node for one command on a folder that no server holds.
  public static NodeConfig offline(Path data) {
    return new NodeConfig(data, "", Optional.empty(), StorageConfig.standard());
  }
}
