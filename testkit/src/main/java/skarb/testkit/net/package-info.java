/// Lines between simulated machines, over gRPC's in-process transport.
///
/// [skarb.testkit.net.SimulatedLink] delays each message by virtual time, stalls one direction and
/// cuts what is under way. One lock a pipe guards its queue; nothing is called with it held.
@NullMarked
package skarb.testkit.net;

import org.jspecify.annotations.NullMarked;
