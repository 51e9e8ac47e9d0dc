/// The one committer: mutations in, effects journaled, forced and applied, answers out.
///
/// In: [skarb.node.commit.Mutation]s, what is asked, each in a [skarb.node.commit.Submission] with
/// the key that allowed it, small bodies that ride in the journal, and what ends the pins on its
/// chunks. Out: for each an [skarb.node.commit.Outcome], once what it rests on is durable; batches
/// in the [skarb.node.journal.CommitLog]; rows in the [skarb.node.index.Index].
///
/// First to read: [skarb.node.commit.CommitPipeline], whose doc is the protocol. Then, in the order
/// in which a mutation meets them: `CommitQueue` (bounded, the first come first), `CommitBatch` (a
/// batch in the making), `MutationEvaluator` (mutation × rows → what to write, or why not; pure),
/// `HybridClock` (stamps), `OwnOrigin` (numbers and the chain), and `skarb.node.index.Join`, which
/// a replay runs too.
///
/// Threads: one committer, which owns clock, chain, the log's end and the index's applies; nobody
/// else touches these. Callers meet it in `CommitQueue`, whose lock is the only one, and wait each
/// on a future of its own. Nothing is called with the lock held.
@NullMarked
package skarb.node.commit;

import org.jspecify.annotations.NullMarked;
