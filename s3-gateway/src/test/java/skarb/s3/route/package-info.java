/// Tests of requests and the operations they ask for.
@NullMarked
package skarb.s3.route;

import org.jspecify.annotations.NullMarked;
