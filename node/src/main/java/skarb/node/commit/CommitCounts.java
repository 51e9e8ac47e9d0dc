package skarb.node.commit;

/// What the committer did since it started.
///
/// @param batches batches that were written, each with one force
/// @param writes mutations that wrote an entry
/// @param others mutations that were rejected or held already
public record CommitCounts(long batches, long writes, long others) {

  CommitCounts plus(CommitBatch batch) {
    long written = batch.decided().stream().filter(CommitBatch.Decided::writes).count();
    return new CommitCounts(
        batches + (batch.records().isEmpty() ? 0 : 1),
        writes + written,
        others + batch.decided().size() - written);
  }
}
