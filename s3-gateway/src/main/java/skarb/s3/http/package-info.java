/// The edge to HTTP.
@NullMarked
package skarb.s3.http;

import org.jspecify.annotations.NullMarked;
