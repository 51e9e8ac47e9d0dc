/// Derived state: ordered rows, what the entries in the journal add up to. First to read:
/// [skarb.node.index.Index].
@NullMarked
package skarb.node.index;

import org.jspecify.annotations.NullMarked;
