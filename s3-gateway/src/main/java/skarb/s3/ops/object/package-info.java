/// Operations on objects, one class each. In: an [skarb.s3.ops.S3Call]. Out: an
/// [skarb.s3.ops.S3Response]. First to read: [skarb.s3.ops.object.PutObject], then
/// [skarb.s3.ops.object.GetObject]. No threads, no locks.
@NullMarked
package skarb.s3.ops.object;

import org.jspecify.annotations.NullMarked;
