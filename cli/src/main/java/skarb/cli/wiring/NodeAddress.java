package skarb.cli.wiring;

import com.google.common.net.InetAddresses;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import skarb.cli.output.CommandFailedException;
import skarb.client.ClientConfig;

/// Where a node listens, and how the way there is protected: by TLS, except on loopback and where
/// the caller insists.
///
/// @param hostPort where
/// @param certificates PEM file to trust, on loopback too; null: what the JDK trusts
/// @param insecure go without TLS off loopback as well
public record NodeAddress(HostPort hostPort, @Nullable Path certificates, boolean insecure) {
  /// Bytes of one stream on their way that nobody has asked for yet.
  private static final int FLOW_CONTROL_WINDOW = 1 << 20;

  /// A page of a thousand keys of 1,024 bytes and what is known of them.
  private static final int MAX_MESSAGE_BYTES = 8 << 20;

  /// A channel there, not connected yet.
  ///
  /// @throws CommandFailedException where the certificates cannot be used
  NettyChannelBuilder channel() {
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress(hostPort.host(), hostPort.port())
            .disableRetry()
            .flowControlWindow(FLOW_CONTROL_WINDOW)
            .keepAliveTime(60, TimeUnit.SECONDS)
            .keepAliveTimeout(20, TimeUnit.SECONDS)
            .maxInboundMessageSize(MAX_MESSAGE_BYTES);
    if (certificates == null && (insecure || isLoopback())) {
      return builder.usePlaintext();
    }
    SslContextBuilder tls = SslContextBuilder.forClient();
    try {
      if (certificates != null) {
        tls.trustManager(certificates.toFile());
      }
      return builder.sslContext(GrpcSslContexts.configure(tls, SslProvider.JDK).build());
    } catch (SSLException | IllegalArgumentException e) {
      throw new CommandFailedException(
          (certificates == null ? "TLS" : certificates) + " cannot be used: " + e.getMessage());
    }
  }

  /// Whether what passes is seen by everybody on the way.
  public boolean isOpenToOthers() {
    return insecure && certificates == null && !isLoopback();
  }

  /// The same for the client library, and what it must know of the way.
  URI uri(ClientConfig.Builder config) {
    if (certificates != null) {
      config.trustedCertificates(certificates);
      return URI.create("grpcs://" + hostPort);
    }
    if (insecure || isLoopback()) {
      config.plaintextAnywhere();
      return URI.create("grpc://" + hostPort);
    }
    return URI.create("grpcs://" + hostPort);
  }

  /// Whether it is this machine by its very name: nothing is looked up. What a name means is for
  /// whoever answers for it to say, and he may say something else when the connection is made.
  boolean isLoopback() {
    return hostPort.host().equalsIgnoreCase("localhost")
        || (InetAddresses.isInetAddress(hostPort.host())
            && InetAddresses.forString(hostPort.host()).isLoopbackAddress());
  }
}
