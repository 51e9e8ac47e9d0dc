package skarb.node.service;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/// Where the node listens for gRPC.
///
/// @param address host and port; port 0 for any that is free
/// @param tls certificate and key; empty for plain text
public record ListenConfig(InetSocketAddress address, Optional<Tls> tls) {

  /// The files that TLS takes, PEM.
  ///
  /// @param certificateChain the server's certificate first
  /// @param privateKey its key, PKCS #8, not encrypted
  public record Tls(Path certificateChain, Path privateKey) {}
}
