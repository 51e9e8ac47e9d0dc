package skarb.node.service;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.AnonymousInProcessSocketAddress;
import io.grpc.inprocess.InProcessChannelBuilder;
import java.util.concurrent.TimeUnit;
import skarb.node.access.TransportIdentity;
import skarb.node.model.Seams;

/// A way into the node from within its process: whoever holds this object is who it says. The
/// server behind it has no name under which others could find it. Messages go by reference.
public final class InProcessDoor {
  /// More than gRPC's longest: there is no connection that could be saved.
  private static final long NEVER_IDLE_DAYS = 365;

  private final TransportIdentity identity;
  private final Server server;
  private final AnonymousInProcessSocketAddress address;
  private final Seams seams;

  InProcessDoor(
      TransportIdentity identity,
      Server server,
      AnonymousInProcessSocketAddress address,
      Seams seams) {
    this.identity = identity;
    this.server = server;
    this.address = address;
    this.seams = seams;
  }

  /// A channel through the door. The caller shuts it down.
  public ManagedChannel channel() {
    return InProcessChannelBuilder.forAddress(address)
        .executor(seams.executor())
        .scheduledExecutorService(seams.timer())
        .idleTimeout(NEVER_IDLE_DAYS, TimeUnit.DAYS)
        .build();
  }

  /// The server, to be started and shut down.
  public Server server() {
    return server;
  }

  @Override
  public String toString() {
    return "InProcessDoor[" + identity + "]";
  }
}
