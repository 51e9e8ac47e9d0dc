/// Settings of buckets and objects that cannot be made yet, as S3 shows them where nobody ever made
/// them: an error of their own, an empty document, or the default. In: an [skarb.s3.ops.S3Call].
/// Out: an [skarb.s3.ops.S3Response]. First to read: [skarb.s3.ops.settings.Settings], the table of
/// them. Writing them is not served, and answers NotImplemented like all that has no handler. No
/// threads, no locks.
@NullMarked
package skarb.s3.ops.settings;

import org.jspecify.annotations.NullMarked;
