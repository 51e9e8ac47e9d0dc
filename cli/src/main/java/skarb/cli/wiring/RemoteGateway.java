package skarb.cli.wiring;

import com.google.common.base.Throwables;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import skarb.cli.output.CommandFailedException;
import skarb.cli.wiring.ServerConfig.KeyPair;
import skarb.client.Credentials;
import skarb.s3.Gateway;
import skarb.s3.GatewayConfig;
import skarb.v1.AccessGrpc;
import skarb.v1.VerifySignatureRequest;

/// A gateway by itself, before a node elsewhere that it reaches by gRPC with a key of its own. It
/// keeps nothing: any number of them may stand before one node, and come and go.
///
/// While the node cannot be reached, requests are answered with 503; it is tried again every
/// second.
public final class RemoteGateway implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final long RETRY_SECONDS = 1;

  private final ManagedChannel channel;
  private final ScheduledExecutorService timer;
  private final Gateway gateway;
  private final Optional<String> unreachable;

  private RemoteGateway(
      ManagedChannel channel,
      ScheduledExecutorService timer,
      Gateway gateway,
      Optional<String> unreachable) {
    this.channel = channel;
    this.timer = timer;
    this.gateway = gateway;
    this.unreachable = unreachable;
  }

  /// Starts it: when this returns, it serves.
  ///
  /// @param key the gateway's own key, made with the role `gateway`
  /// @throws CommandFailedException where the node answers, and does not take the key
  /// @throws IOException where S3's address cannot be had or a certificate cannot be read
  public static RemoteGateway start(GatewayConfig config, NodeAddress address, KeyPair key)
      throws IOException {
    ManagedChannel channel = address.channel().build();
    ScheduledExecutorService timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("skarb-reconnect").daemon().factory());
    try {
      Channel node =
          ClientInterceptors.intercept(
              channel,
              new OwnRefusals(key.accessKey(), System::nanoTime),
              new Authorization(Credentials.accessKey(key.accessKey(), key.secretKey())));
      Optional<String> unreachable = probe(node, address.hostPort(), key.accessKey());
      Gateway gateway = Gateway.start(config, node, InstantSource.system(), new SecureRandom());
      var _ =
          timer.scheduleWithFixedDelay(
              () -> reconnect(channel), RETRY_SECONDS, RETRY_SECONDS, TimeUnit.SECONDS);
      return new RemoteGateway(channel, timer, gateway, unreachable);
    } catch (IOException | RuntimeException e) {
      timer.shutdownNow();
      channel.shutdownNow();
      throw e;
    }
  }

  /// gRPC waits up to two minutes between attempts, which is long for those who wait.
  private static void reconnect(ManagedChannel channel) {
    if (channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
      channel.resetConnectBackoff();
    }
  }

  /// Asks what gateways alone may ask: about a key that is none.
  ///
  /// @return why there is no answer; empty where the node takes the key
  private static Optional<String> probe(Channel node, HostPort where, String accessKey) {
    try {
      var _ =
          AccessGrpc.newBlockingStub(node)
              .withDeadlineAfter(PATIENCE)
              .verifySignature(VerifySignatureRequest.getDefaultInstance());
      return Optional.empty();
    } catch (StatusRuntimeException e) {
      return switch (e.getStatus().getCode()) {
        case UNAUTHENTICATED -> Optional.empty();
        case PERMISSION_DENIED ->
            throw new CommandFailedException(
                accessKey
                    + " is not a gateway's key at "
                    + where
                    + ": make one there with 'skarb keys create --role gateway'");
        case UNAVAILABLE, DEADLINE_EXCEEDED -> {
          if (OwnRefusals.isOne(e.getStatus())) {
            throw new CommandFailedException(
                where + ": " + String.valueOf(e.getStatus().getDescription()));
          }
          yield Optional.of(rootMessage(e));
        }
        default -> throw e;
      };
    }
  }

  private static String rootMessage(StatusRuntimeException failure) {
    return failure.getStatus().getCause() == null
        ? String.valueOf(failure.getStatus().getDescription())
        : String.valueOf(Throwables.getRootCause(failure).getMessage());
  }

  /// Where S3 listens.
  public InetSocketAddress s3Address() {
    return gateway.address();
  }

  /// Why the node could not be reached at the start; empty where it was.
  public Optional<String> unreachable() {
    return unreachable;
  }

  /// Takes no more requests, waits for those in flight, and closes everything.
  ///
  /// @param patience how long to wait
  public void stop(Duration patience) {
    gateway.drain(patience);
    close();
  }

  /// Cuts what is in flight.
  @Override
  public void close() {
    gateway.close();
    timer.shutdownNow();
    channel.shutdownNow();
  }
}
