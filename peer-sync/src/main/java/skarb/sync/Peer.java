package skarb.sync;

import io.grpc.Channel;

/// Another site as this one is configured to know it.
///
/// @param name for people
/// @param channel to its node, as a caller with the role `site`
public record Peer(String name, Channel channel) {}
