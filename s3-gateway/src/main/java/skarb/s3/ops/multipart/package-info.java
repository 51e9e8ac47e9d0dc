/// Uploads in parts, a class for each operation. In: an [skarb.s3.ops.S3Call]. Out: an
/// [skarb.s3.ops.S3Response]. First to read: [skarb.s3.ops.multipart.UploadPart]. No threads, no
/// locks.
@NullMarked
package skarb.s3.ops.multipart;

import org.jspecify.annotations.NullMarked;
