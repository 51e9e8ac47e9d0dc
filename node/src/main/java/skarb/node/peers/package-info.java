/// The peers that this node dials, and how its exchanges with them go.
///
/// In come operators' orders, which [skarb.node.peers.PeerRegistry] keeps in the data directory;
/// whoever drives exchanges follows it. Out, through [skarb.node.peers.LinkStatuses], comes what
/// the driver says of each exchange, so that status and commands can show it. The registry has one
/// lock, under which its file is written; listeners are told outside of it.
@NullMarked
package skarb.node.peers;

import org.jspecify.annotations.NullMarked;
