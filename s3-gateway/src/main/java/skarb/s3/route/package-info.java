/// From a request line to an operation of S3.
@NullMarked
package skarb.s3.route;

import org.jspecify.annotations.NullMarked;
