package skarb.node.certs;

import com.google.common.net.HostAndPort;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContext;
import java.util.concurrent.TimeUnit;
import skarb.node.model.Seams;

/// Channels to other sites.
public final class PeerDialer {
  private static final int FLOW_CONTROL_WINDOW = 4 << 20;
  private static final int MAX_MESSAGE_BYTES = 4 << 20;

  private PeerDialer() {}

  /// A channel; it connects when it is used. The caller shuts it down.
  ///
  /// @param address `host:port`
  /// @throws IllegalArgumentException if it is none
  public static ManagedChannel channel(String address, SslContext tls, Seams seams) {
    HostAndPort target = HostAndPort.fromString(address);
    return NettyChannelBuilder.forAddress(target.getHost(), target.getPort())
        .sslContext(tls)
        .executor(seams.executor())
        .flowControlWindow(FLOW_CONTROL_WINDOW)
        .maxInboundMessageSize(MAX_MESSAGE_BYTES)
        .keepAliveTime(30, TimeUnit.SECONDS)
        .keepAliveTimeout(20, TimeUnit.SECONDS)
        .disableRetry()
        .build();
  }
}
