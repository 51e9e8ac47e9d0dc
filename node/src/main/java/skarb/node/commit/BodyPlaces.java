package skarb.node.commit;

import skarb.node.model.ChunkId;
import skarb.node.model.ChunkPlace;

/// Told where the small bodies of a batch lie, after the batch was forced and before anybody can
/// see the rows that name them.
@FunctionalInterface
public interface BodyPlaces {
  /// Runs on the committer's thread; neither blocks nor throws.
  void placed(ChunkId chunk, ChunkPlace place);
}
