/// The thin gRPC edge: what comes in is parsed and checked against the protocol's limits, allowed
/// or refused, handed to the parts that know, and answered.
///
/// First to read: [skarb.node.service.GrpcServers], which puts the interceptors before the
/// services; then `ObjectsService`. Errors become statuses in [skarb.node.service.StatusMapper]
/// alone. Each call runs on virtual threads from the seams and may block. The locks are those of
/// `GuardedCall` and of `ResponseStream`, under which nothing else is locked.
@NullMarked
package skarb.node.service;

import org.jspecify.annotations.NullMarked;
