/// Tests of how chunks are passed on.
@NullMarked
package skarb.sync.chunks;

import org.jspecify.annotations.NullMarked;
