package skarb.sync;

import io.grpc.Channel;

/// Another site as this one is configured to know it.
///
/// @param name for people
/// @param channel to its node, as a caller with the role `site`
/// @param bytesPerSecond the most that is moved in a second, both ways together; 0: no cap
public record Peer(String name, Channel channel, long bytesPerSecond) {
  /// One without a cap.
  public Peer(String name, Channel channel) {
    this(name, channel, 0);
  }
}
