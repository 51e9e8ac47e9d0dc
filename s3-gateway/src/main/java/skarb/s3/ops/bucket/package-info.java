/// Operations on buckets, one class each. In: an [skarb.s3.ops.S3Call]. Out: an
/// [skarb.s3.ops.S3Response]. First to read: [skarb.s3.ops.bucket.CreateBucket]. No threads, no
/// locks.
@NullMarked
package skarb.s3.ops.bucket;

import org.jspecify.annotations.NullMarked;
