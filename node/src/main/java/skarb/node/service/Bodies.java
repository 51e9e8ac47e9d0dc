package skarb.node.service;

import java.util.Optional;
import skarb.node.content.BodyBudget;
import skarb.node.content.BodyPromise;
import skarb.node.content.BodyReader;
import skarb.node.content.BodyWriter;
import skarb.node.content.ContentConfig;
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

  /// @param config how bodies are cut
  /// @param chunks where they go
  /// @param budget admits what is in memory
  public Bodies(Seams seams, ContentConfig config, ChunkStore chunks, BodyBudget budget) {
    this.seams = seams;
    this.config = config;
    this.chunks = chunks;
    this.budget = budget;
    this.reader = new BodyReader(chunks);
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

  BodyReader reader() {
    return reader;
  }
}
