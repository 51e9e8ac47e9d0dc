package skarb.node.service;

import io.grpc.BindableService;
import io.grpc.Deadline;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerCredentials;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.inprocess.AnonymousInProcessSocketAddress;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.NettySslContextServerCredentials;
import io.grpc.protobuf.services.ChannelzService;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.TimeUnit;
import skarb.node.access.Authorizer;
import skarb.node.access.TransportIdentity;
import skarb.node.model.Seams;

/// Builds the node's servers. All of them carry the same services behind the same interceptors, in
/// this order: [ErrorInterceptor], [LimitsInterceptor], [DeadlineInterceptor], [CallerInterceptor].
/// The one on the network has health, reflection and channelz as well.
///
/// Each call runs on threads of its own from the seams, so that services may block.
public final class GrpcServers {
  private static final int CHANNELZ_PAGE = 100;
  private static final int FLOW_CONTROL_WINDOW = 4 << 20;
  private static final int MAX_PEER_CALLS = 64;

  /// The longest message between sites: some entries with the contents that go along.
  public static final int MAX_PEER_MESSAGE_BYTES = 4 << 20;

  private final Seams seams;
  private final Authorizer authorizer;
  private final CallLimits limits;
  private final List<BindableService> services;
  private final HealthStatusManager health = new HealthStatusManager();

  /// @param services the services of `skarb.v1`
  public GrpcServers(
      Seams seams, Authorizer authorizer, CallLimits limits, List<BindableService> services) {
    this.seams = seams;
    this.authorizer = authorizer;
    this.limits = limits;
    this.services = List.copyOf(services);
    setServing(false);
  }

  /// The server on the network; not started yet.
  ///
  /// @throws IOException if the files for TLS cannot be read or used
  public Server network(ListenConfig config) throws IOException {
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(config.address(), credentials(config))
            .flowControlWindow(FLOW_CONTROL_WINDOW)
            .handshakeTimeout(20, TimeUnit.SECONDS)
            .keepAliveTime(60, TimeUnit.SECONDS)
            .keepAliveTimeout(20, TimeUnit.SECONDS)
            .permitKeepAliveTime(20, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .maxConnectionIdle(15, TimeUnit.MINUTES)
            .maxConnectionAge(6, TimeUnit.HOURS)
            .maxConnectionAgeGrace(limits.maxStreamAge().toSeconds(), TimeUnit.SECONDS)
            .maxConcurrentCallsPerConnection(limits.maxCallsPerConnection())
            .maxInboundMessageSize(CallLimits.MAX_MESSAGE_BYTES)
            .maxInboundMetadataSize(CallLimits.MAX_METADATA_BYTES);
    bind(builder, TransportIdentity.NETWORK, services);
    return builder
        .addService(health.getHealthService())
        .addService(ProtoReflectionServiceV1.newInstance())
        .addService(ChannelzService.newInstance(CHANNELZ_PAGE))
        .build();
  }

  /// The server for sites; not started yet. Both sides show certificates.
  ///
  /// @param address where it listens; port 0 for any that is free
  /// @param tls asks for a certificate
  /// @param peerServices what sites are served, and those who are about to become some
  public Server peers(
      InetSocketAddress address, SslContext tls, List<BindableService> peerServices) {
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(address)
            .sslContext(tls)
            .flowControlWindow(FLOW_CONTROL_WINDOW)
            .handshakeTimeout(20, TimeUnit.SECONDS)
            .keepAliveTime(30, TimeUnit.SECONDS)
            .keepAliveTimeout(20, TimeUnit.SECONDS)
            .permitKeepAliveTime(20, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .maxConnectionIdle(15, TimeUnit.MINUTES)
            .maxConnectionAge(6, TimeUnit.HOURS)
            .maxConnectionAgeGrace(limits.maxStreamAge().toSeconds(), TimeUnit.SECONDS)
            .maxConcurrentCallsPerConnection(MAX_PEER_CALLS)
            .maxInboundMessageSize(MAX_PEER_MESSAGE_BYTES)
            .maxInboundMetadataSize(CallLimits.MAX_METADATA_BYTES);
    bind(builder, TransportIdentity.PEER, peerServices);
    return builder.build();
  }

  /// A server in this process, for whoever is handed its door; not started yet.
  ///
  /// @param identity who that is: GATEWAY or OPERATOR
  public InProcessDoor inProcess(TransportIdentity identity) {
    if (identity == TransportIdentity.NETWORK || identity == TransportIdentity.PEER) {
      throw new IllegalArgumentException("a door within the process is somebody's");
    }
    AnonymousInProcessSocketAddress address = new AnonymousInProcessSocketAddress();
    InProcessServerBuilder builder =
        InProcessServerBuilder.forAddress(address)
            .scheduledExecutorService(seams.timer())
            .deadlineTicker(
                new Deadline.Ticker() {
                  @Override
                  public long nanoTime() {
                    return seams.nanoTime().getAsLong();
                  }
                })
            .maxInboundMetadataSize(CallLimits.MAX_METADATA_BYTES);
    bind(builder, identity, services);
    return new InProcessDoor(identity, builder.build(), address, seams);
  }

  /// Interceptors run in the reverse of the order in which they are added.
  private void bind(
      ServerBuilder<?> builder, TransportIdentity identity, List<BindableService> bound) {
    builder
        .executor(seams.executor())
        .intercept(new CallerInterceptor(authorizer, identity))
        .intercept(new DeadlineInterceptor(seams, limits))
        .intercept(new LimitsInterceptor(limits.maxCallsInFlight()))
        .intercept(new ErrorInterceptor(identity, seams.random()));
    bound.forEach(builder::addService);
  }

  private static ServerCredentials credentials(ListenConfig config) throws IOException {
    if (config.tls().isEmpty()) {
      return InsecureServerCredentials.create();
    }
    ListenConfig.Tls tls = config.tls().get();
    try (InputStream chain = Files.newInputStream(tls.certificateChain());
        InputStream key = Files.newInputStream(tls.privateKey())) {
      return NettySslContextServerCredentials.create(
          GrpcSslContexts.configure(SslContextBuilder.forServer(chain, key), SslProvider.JDK)
              .build());
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "no certificate and key in PEM: " + tls.certificateChain() + ", " + tls.privateKey(), e);
    }
  }

  /// Tells health checks whether calls are welcome; at first they are not.
  public void setServing(boolean serving) {
    health.setStatus(
        HealthStatusManager.SERVICE_NAME_ALL_SERVICES,
        serving ? ServingStatus.SERVING : ServingStatus.NOT_SERVING);
  }
}
