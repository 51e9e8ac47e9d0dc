package skarb.cli.wiring;

import io.grpc.ManagedChannel;
import java.io.IOException;
import skarb.node.model.SiteId;

/// Makes channels to peers, on which this site is known as itself and the peer is the site that it
/// is meant to be. Safe for any thread.
@FunctionalInterface
public interface PeerChannels {
  /// A channel to a peer's node; it connects when it is first used. Whoever gets it closes it.
  ///
  /// @param address `host:port`
  /// @param site whom to expect there
  /// @throws IOException if it cannot be made: what it needs is not there or cannot be read
  ManagedChannel open(String address, SiteId site) throws IOException;
}
