package skarb.node.oplog;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import skarb.node.model.ChunkId;
import skarb.node.segment.ChunkStore;
import skarb.node.segment.Pin;
import skarb.v1.ChunkReference;
import skarb.v1.Manifest;

/// Whether the chunks of bodies are here. Of a body whose references stand in a tree nothing is
/// said but "perhaps not": whoever fetches looks closer.
final class BodyPresence {
  private final ChunkStore chunks;

  BodyPresence(ChunkStore chunks) {
    this.chunks = chunks;
  }

  /// Whether all are here and durable.
  boolean hasAll(List<Manifest> manifests) {
    Optional<List<Pin>> pins = pinAll(manifests, Set.of());
    if (pins.isEmpty()) {
      return false;
    }
    try {
      chunks.force(pins.get());
      return true;
    } finally {
      pins.get().forEach(Pin::close);
    }
  }

  /// Pins all chunks of bodies.
  ///
  /// @param besides chunks that come along, and need not be here
  /// @return empty, and nothing pinned, where not all are here
  Optional<List<Pin>> pinAll(List<Manifest> manifests, Set<ChunkId> besides) {
    List<Pin> pins = new ArrayList<>();
    for (Manifest manifest : manifests) {
      boolean here = manifest.getNodesCount() == 0;
      for (ChunkReference reference : manifest.getChunksList()) {
        ChunkId id = ChunkId.of(reference.getChunk());
        if (here && !besides.contains(id)) {
          Optional<Pin> pin = chunks.pin(id);
          pin.ifPresent(pins::add);
          here = pin.isPresent();
        }
      }
      if (!here) {
        pins.forEach(Pin::close);
        return Optional.empty();
      }
    }
    return Optional.of(pins);
  }
}
