/// Start-up: from what lies on disk to a state that may serve.
///
/// In: a journal that was opened, its torn tail cut, and an index that may be behind, ahead or
/// gone. Out: the index at the end of the journal, and notes for whoever runs the node. First to
/// read: [skarb.node.recovery.Recovery]. No threads and no locks: it runs before anything serves.
@NullMarked
package skarb.node.recovery;

import org.jspecify.annotations.NullMarked;
