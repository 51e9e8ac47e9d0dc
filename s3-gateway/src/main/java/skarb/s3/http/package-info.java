/// The edge to HTTP. In: connections of strangers. Out: a [skarb.s3.route.RequestHead] and a body
/// for each request, in order; the answers, as fast as clients take them. First to read:
/// `Connection`, then `Exchange`.
///
/// Threads: each connection belongs to one event loop, and each request has a virtual thread of its
/// own. Between the two stand `BodyQueue` (one lock: bytes up to a window) and `Exchange` (one
/// lock: waiting for the channel to take more). [skarb.s3.http.HttpServer] has a lock over the set
/// of its connections. Nothing is called while one of these is held except the flow callbacks of
/// `BodyQueue`, which only post to the loop.
@NullMarked
package skarb.s3.http;

import org.jspecify.annotations.NullMarked;
