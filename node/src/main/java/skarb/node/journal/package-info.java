/// The truth: an ordered, checksummed, forced log of batches. First to read:
/// [skarb.node.journal.CommitLog].
@NullMarked
package skarb.node.journal;

import org.jspecify.annotations.NullMarked;
