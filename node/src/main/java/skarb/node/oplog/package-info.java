/// The journal as other sites see it: entries go out in the order of the journal, those of others
/// come in and are logged, and what either side has is known by vectors.
///
/// In comes a stream of [skarb.v1.SyncMessage]s a peer, out goes another. Read
/// [skarb.node.oplog.SyncSession] first: one a stream, with two threads, gRPC's that brings
/// messages and one of its own that sends all there is to send, so that receiving never waits for
/// sending. [skarb.node.oplog.Replication] is what all sessions share, and what is done now and
/// then: pending entries are let act, tombstones that all members have seen are dropped.
///
/// Contents travel apart, as chunks: [skarb.node.oplog.MissingChunks] says which are wanted.
@NullMarked
package skarb.node.oplog;

import org.jspecify.annotations.NullMarked;
