package skarb.node.oplog;

import java.util.OptionalLong;

/// How far this site and another one are from each other: `PeerReport` of `replication.proto` says
/// what each figure means.
///
/// @param entriesToSend entries that the other lacks
/// @param entriesToReceive entries that are lacking here
/// @param bytesToSend bytes that the other lacks
/// @param bytesToReceive bytes that are lacking here
/// @param bytesAreAtLeast whether bytes were counted up to a bound
/// @param seconds the age of the oldest of what is lacking; empty where it is not known
/// @param pending entries that do not act on either side
public record PeerLag(
    long entriesToSend,
    long entriesToReceive,
    long bytesToSend,
    long bytesToReceive,
    boolean bytesAreAtLeast,
    OptionalLong seconds,
    long pending) {}
