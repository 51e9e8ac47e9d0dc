/// What S3 says when something goes wrong. In: a reason of the node's, or a check of the gateway's
/// own. Out: an [skarb.s3.error.S3Exception], which becomes S3's error document. First to read:
/// [skarb.s3.error.S3Error].
@NullMarked
package skarb.s3.error;

import org.jspecify.annotations.NullMarked;
