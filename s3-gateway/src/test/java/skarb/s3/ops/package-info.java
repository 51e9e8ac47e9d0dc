/// Tests of what operations share.
@NullMarked
package skarb.s3.ops;

import org.jspecify.annotations.NullMarked;
