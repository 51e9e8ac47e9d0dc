package skarb.cli.bench.client;

import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/// Clients of gRPC without TLS: a few connections that the workers share, as programs do.
public final class GrpcClients implements Clients {
  /// What may be on its way unread: a large body is limited by it where threads wait for their
  /// turn.
  private static final int WINDOW_BYTES = 8 << 20;

  private final List<ManagedChannel> channels = new ArrayList<>();
  private final AccessKey key;
  private final String region;
  private final String bucket;

  /// @param connections how many
  public GrpcClients(
      InetSocketAddress address, int connections, AccessKey key, String region, String bucket) {
    this.key = key;
    this.region = region;
    this.bucket = bucket;
    for (int i = 0; i < connections; i++) {
      channels.add(
          NettyChannelBuilder.forAddress(address.getHostString(), address.getPort())
              .usePlaintext()
              .initialFlowControlWindow(WINDOW_BYTES)
              .directExecutor()
              .build());
    }
  }

  @Override
  public StoreClient open(int worker) {
    ManagedChannel channel = channels.get(worker % channels.size());
    SigV4 signer = new SigV4(key, region, "skarb", InstantSource.system());
    return new GrpcClient(ClientInterceptors.intercept(channel, new CallSigner(signer)), bucket);
  }

  @Override
  public String description() {
    return "gRPC over " + channels.size() + " connections, each call signed";
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
  }
}
