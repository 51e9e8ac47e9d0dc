/// What operations share: the call, its body, the answer, and the node behind gRPC. In: a request
/// whose caller is known. Out: an answer, or an error of S3's or of the node's. First to read:
/// [skarb.s3.ops.Handler] and [skarb.s3.ops.S3Call]; the operations themselves are in `ops.object`,
/// `ops.multipart`, `ops.list`, `ops.bucket` and `ops.settings`, and [skarb.s3.ops.NodeClient] is
/// their only way to the node.
///
/// Handlers block: each request has a virtual thread of its own. [skarb.s3.ops.UploadStream] and
/// [skarb.s3.ops.DownloadStream] have a lock each, between that thread and gRPC's; nothing else is
/// locked while one is held.
@NullMarked
package skarb.s3.ops;

import org.jspecify.annotations.NullMarked;
