/// Tests of errors.
@NullMarked
package skarb.s3.error;

import org.jspecify.annotations.NullMarked;
