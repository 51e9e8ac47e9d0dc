/// Derived state: ordered rows, what the records of the journal add up to. Records come in (by
/// [skarb.node.index.Join]), typed answers go out ([skarb.node.index.Catalog],
/// [skarb.node.index.Listing]). All of it can be thrown away and made again from the journal, to
/// the same digest.
///
/// First to read: [skarb.node.index.IndexKeys], which says what rows there are; then
/// [skarb.node.index.Join], which says how they change; then [skarb.node.index.Index].
///
/// A batch: [skarb.node.index.RowChanges] over the index, each record joined into it, one
/// [skarb.node.index.Index#apply] after the force. One thread does so, the committer or recovery;
/// any thread reads.
@NullMarked
package skarb.node.index;

import org.jspecify.annotations.NullMarked;
