/// Peers as they are kept.
@NullMarked
package skarb.node.peers;

import org.jspecify.annotations.NullMarked;
