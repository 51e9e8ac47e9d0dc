/// Chunks on disk. The only door is `ChunkStore`.
@NullMarked
package skarb.node.segment;

import org.jspecify.annotations.NullMarked;
