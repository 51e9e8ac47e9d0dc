package skarb.node.commit;

import java.time.Duration;
import skarb.node.model.SiteId;

/// Who writes, and the bounds of the pipeline.
///
/// @param site the site's id
/// @param siteName the site's name
/// @param maxBatchMutations the most mutations in a batch
/// @param maxBatchBytes about the most bytes of records and bodies in a batch
/// @param maxQueuedMutations the most mutations that wait for the committer
/// @param maxQueuedBytes about the most bytes of these
/// @param maxWaiters the most callers that wait for room in the queue; further ones are OVERLOADED
/// @param maxAhead how far the own clock may stand above the wall clock before writes are refused
public record CommitConfig(
    SiteId site,
    String siteName,
    int maxBatchMutations,
    int maxBatchBytes,
    int maxQueuedMutations,
    int maxQueuedBytes,
    int maxWaiters,
    Duration maxAhead) {

  /// The usual bounds.
  public static CommitConfig of(SiteId site, String siteName) {
    return new CommitConfig(
        site, siteName, 1024, 8 << 20, 4096, 32 << 20, 4096, Duration.ofSeconds(60));
  }
}
