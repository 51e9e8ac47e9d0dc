package skarb.sync;

import io.grpc.Channel;

/// Another site as this one is configured to know it.
///
/// @param name for people
/// @param channel to its node, as a caller with the role `site`
/// @param bytesPerSecond the most that is moved in a second, both ways together; 0: no cap
/// @param hangUp makes the channel connect anew with the next call; called before each exchange. A
///   gRPC channel that could not connect waits up to two minutes before it tries again, and fails
///   what is called meanwhile without trying: pauses are this module's own affair.
public record Peer(String name, Channel channel, long bytesPerSecond, Runnable hangUp) {
  /// One without a cap, and with a channel that is always connected.
  public Peer(String name, Channel channel) {
    this(name, channel, 0, () -> {});
  }
}
