/// Listings of a bucket, one class for each version of S3's. In: an [skarb.s3.ops.S3Call]. Out: a
/// page as a document. First to read: [skarb.s3.ops.list.ListObjectsV2]. No threads, no locks.
@NullMarked
package skarb.s3.ops.list;

import org.jspecify.annotations.NullMarked;
