package skarb.client;

import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Builds channels over the network. Netty is the one that gRPC brings under a name of its own, so
/// that an application's own Netty, of whatever version, is not touched.
final class Channels {
  /// Bytes of one stream on their way that nobody has asked for yet. Fixed: left to itself, gRPC
  /// lets it grow.
  private static final int FLOW_CONTROL_WINDOW = 1 << 20;

  /// A page of a thousand keys of 1,024 bytes and what is known of them.
  private static final int MAX_MESSAGE_BYTES = 8 << 20;

  private static final int MAX_METADATA_BYTES = 32 << 10;

  private Channels() {}

  /// @throws IllegalArgumentException where the address would go unprotected and the configuration
  ///   does not say so, or the certificates cannot be used
  static ManagedChannel open(Address address, ClientConfig config) {
    if (!address.tls() && !address.isLoopback() && !config.plaintextAnywhere()) {
      throw new IllegalArgumentException(
          "grpc:// goes to this machine only, and "
              + address.host()
              + " is not known to be it: use grpcs://, or allow it by plaintextAnywhere()");
    }
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress(address.host(), address.port(), credentials(address, config))
            .disableRetry() // Retries tries again; gRPC's own would buffer bodies for it
            .flowControlWindow(FLOW_CONTROL_WINDOW)
            .keepAliveTime(60, TimeUnit.SECONDS)
            .keepAliveTimeout(20, TimeUnit.SECONDS)
            .maxInboundMessageSize(MAX_MESSAGE_BYTES)
            .maxInboundMetadataSize(MAX_METADATA_BYTES)
            .userAgent("skarb-client");
    config.executor().ifPresent(builder::executor);
    return builder.build();
  }

  private static ChannelCredentials credentials(Address address, ClientConfig config) {
    if (!address.tls()) {
      return InsecureChannelCredentials.create();
    }
    if (config.trust().isPresent()) {
      return TlsChannelCredentials.newBuilder().trustManager(config.trust().get()).build();
    }
    Optional<Path> trusted = config.trustedCertificates();
    if (trusted.isEmpty()) {
      return TlsChannelCredentials.create();
    }
    try {
      return TlsChannelCredentials.newBuilder().trustManager(trusted.get().toFile()).build();
    } catch (IOException e) {
      throw new IllegalArgumentException(trusted.get() + " cannot be read", e);
    }
  }
}
