/// Skarb's client library for applications. In: a URI and [skarb.client.Credentials]. Out: a
/// [skarb.client.SkarbClient], which stores, reads, copies, deletes and lists objects over the gRPC
/// API `skarb.v1`.
///
/// Read [skarb.client.SkarbClient] first: it blocks, and hands every call to
/// [skarb.client.AsyncSkarbClient], where the work is. `Connection` has the channel and tries calls
/// again (`Retries`, by `RetryPolicy`); `UploadCall` and `DownloadCall` move bodies;
/// `MultipartUpload` is several uploads at once; `Failures` is where gRPC's errors become
/// [skarb.client.SkarbException].
///
/// Nothing of protobuf, gRPC or any other library shows in what is public here: applications have
/// their own versions of those.
///
/// Threads: gRPC's own, on which bodies are read and written and futures completed, and one timer
/// for each client, for pauses between attempts and for idle limits. Locks: `DownloadCall`,
/// `MultipartUpload` and `ObjectStream` have one each. None is held while another is taken, nor
/// while a future is completed.
@NullMarked
package skarb.client;

import org.jspecify.annotations.NullMarked;
