/// Chunks on their way from the node that has them to the node that wants them.
@NullMarked
package skarb.sync.chunks;

import org.jspecify.annotations.NullMarked;
