/// The bytes of one body: from frames to chunks and digests, and back.
@NullMarked
package skarb.node.content;

import org.jspecify.annotations.NullMarked;
