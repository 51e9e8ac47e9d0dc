package skarb.node.service;

import java.util.Optional;
import skarb.node.commit.CommitPipeline;
import skarb.node.content.BodyBudget;
import skarb.node.content.BodyDigests;
import skarb.node.content.BodyPromise;
import skarb.node.content.BodyReader;
import skarb.node.content.BodyWriter;
import skarb.node.content.ContentConfig;
import skarb.node.content.ManifestComposer;
import skarb.node.model.NodeException;
import skarb.node.model.Seams;
import skarb.node.segment.ChunkStore;
import skarb.v1.ErrorReason;

/// The bytes of bodies, in and out: what makes a writer for one body, and the reader of all.
public final class Bodies {
  private final Seams seams;
  private final ContentConfig config;
  private final ChunkStore chunks;
  private final BodyBudget budget;
  private final BodyReader reader;
  private final BodyWait wait;
  private final ManifestComposer composer;
  private final BodyDigests digests;

  /// @param config how bodies are cut
  /// @param chunks where they go
  /// @param budget admits what is in memory
  public Bodies(Seams seams, ContentConfig config, ChunkStore chunks, BodyBudget budget) {
    this(seams, config, chunks, budget, BodyWait.NONE);
  }

  /// As above.
  ///
  /// @param wait where reads wait for bytes of other sites
  public Bodies(
      Seams seams, ContentConfig config, ChunkStore chunks, BodyBudget budget, BodyWait wait) {
    this.wait = wait;
    this.seams = seams;
    this.config = config;
    this.chunks = chunks;
    this.budget = budget;
    this.reader = new BodyReader(chunks);
    this.composer = new ManifestComposer(chunks);
    this.digests = new BodyDigests(seams, config, chunks, budget);
  }

  /// Takes one body.
  BodyWriter writer(BodyPromise promise) {
    return new BodyWriter(seams, config, chunks, budget, promise);
  }

  /// Why no bodies are taken; empty while they are.
  Optional<NodeException> refusal() {
    return chunks
        .failure()
        .map(failure ->
            new NodeException(
                ErrorReason.ERROR_REASON_READ_ONLY,
                "no more writes until the node is restarted: a segment cannot be written"));
  }

  /// A write that is bound to fail is refused before its body comes.
  ///
  /// @throws NodeException with the refusal
  void mustTakeWrites(CommitPipeline commits) {
    Optional<NodeException> refusal = commits.stopped().or(this::refusal);
    if (refusal.isPresent()) {
      throw refusal.get();
    }
  }

  /// Makes manifests of manifests.
  ManifestComposer composer() {
    return composer;
  }

  /// Reads what is stored for its digests.
  BodyDigests digests() {
    return digests;
  }

  BodyWait arrivals() {
    return wait;
  }

  BodyReader reader() {
    return reader;
  }
}
