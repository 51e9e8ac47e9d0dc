@NullMarked
package skarb.s3.headers;

import org.jspecify.annotations.NullMarked;
