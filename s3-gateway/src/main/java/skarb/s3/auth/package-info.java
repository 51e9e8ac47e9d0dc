/// Who asks, and whether the bytes are theirs: AWS Signature Version 4 in headers, in the query and
/// in the chunks of a streamed body. In: a [skarb.s3.route.RequestHead], then the bytes of the body
/// where it comes in `aws-chunked` framing. Out: an [skarb.s3.auth.Authentication], decoded bytes,
/// and S3's own errors. First to read: [skarb.s3.auth.SigV4Authenticator], then
/// [skarb.s3.auth.AwsChunkedDecoder].
///
/// Secrets stay in the node: what is held here is the signing key of one day, region and service,
/// for at most 30 seconds ([skarb.s3.auth.SigningKeyCache], which has the only lock of this
/// package). Asking the node blocks, so authenticate on a virtual thread and never on an event
/// loop.
@NullMarked
package skarb.s3.auth;

import org.jspecify.annotations.NullMarked;
