package skarb.node.service;

import io.grpc.BindableService;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import skarb.node.access.AccessWorld;
import skarb.node.access.TransportIdentity;
import skarb.node.model.Seams;
import skarb.testkit.time.VirtualTime;
import skarb.v1.CallContext;

/// The node's servers around some services: on loopback and by both doors, with keys in memory and
/// time that stands.
final class ServerFixture implements AutoCloseable {
  final VirtualTime time = new VirtualTime();
  final AccessWorld access;
  final String operatorToken;
  final Seams seams;
  final GrpcServers servers;
  final Server network;
  final InProcessDoor gatewayDoor;
  final InProcessDoor operatorDoor;
  private final List<ManagedChannel> channels = new ArrayList<>();

  ServerFixture(Path directory, CallLimits limits, BindableService... services) throws IOException {
    access = new AccessWorld(AccessWorld.operatorToken(directory));
    operatorToken = Files.readString(directory.resolve("operator-token")).strip();
    seams =
        new Seams(
            time,
            time::nanoTime,
            Thread.ofVirtual().factory(),
            time.newTimer(task -> Thread.ofVirtual().start(task)),
            new Random(11));
    servers = new GrpcServers(seams, access.authorizer, limits, List.of(services));
    network =
        servers
            .network(
                new ListenConfig(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Optional.empty()))
            .start();
    gatewayDoor = servers.inProcess(TransportIdentity.GATEWAY);
    operatorDoor = servers.inProcess(TransportIdentity.OPERATOR);
    gatewayDoor.server().start();
    operatorDoor.server().start();
  }

  /// A channel to the port, without credentials.
  Channel networkChannel() {
    return keep(
        NettyChannelBuilder.forAddress("127.0.0.1", network.getPort()).usePlaintext().build());
  }

  Channel gateway() {
    return keep(gatewayDoor.channel());
  }

  Channel operator() {
    return keep(operatorDoor.channel());
  }

  private Channel keep(ManagedChannel channel) {
    channels.add(channel);
    return channel;
  }

  static Channel withBearer(Channel channel, String token) {
    Metadata headers = new Metadata();
    headers.put(CallKeys.AUTHORIZATION, "Bearer " + token);
    return with(channel, headers);
  }

  static Channel withContext(Channel channel, CallContext context) {
    Metadata headers = new Metadata();
    headers.put(CallKeys.CONTEXT, context.toByteArray());
    return with(channel, headers);
  }

  static Channel with(Channel channel, Metadata headers) {
    return ClientInterceptors.intercept(
        channel, MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
    network.shutdownNow();
    gatewayDoor.server().shutdownNow();
    operatorDoor.server().shutdownNow();
  }
}
