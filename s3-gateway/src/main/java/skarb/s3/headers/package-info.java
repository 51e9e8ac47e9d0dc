/// Headers that are parsed once and typed afterwards. In: header values as they came. Out: records,
/// or S3's error for a value that S3 would not take. First to read:
/// [skarb.s3.headers.ChecksumHeaders]. No threads, no locks.
@NullMarked
package skarb.s3.headers;

import org.jspecify.annotations.NullMarked;
