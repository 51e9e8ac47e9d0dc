@NullMarked
package skarb.s3;

import org.jspecify.annotations.NullMarked;
