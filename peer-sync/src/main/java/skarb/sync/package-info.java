/// Replication's driver: for each peer one supervised loop that stands between the node of this
/// site and the node of the other one and passes on what each says to the other. It knows the
/// messages' kinds and nothing of their meaning: what is logged, acknowledged or refused is the
/// nodes' affair, and nothing is kept here that a restart would miss.
///
/// Read [skarb.sync.PeerSync] first. Streams are relayed by callbacks of gRPC; each loop has one
/// thread that waits for its streams to end.
@NullMarked
package skarb.sync;

import org.jspecify.annotations.NullMarked;
