package skarb.node.content;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import skarb.node.model.ChunkId;
import skarb.v1.ChunkReference;
import skarb.v1.Manifest;
import skarb.v1.ManifestNode;
import skarb.v1.ManifestNodeReference;

/// Makes the manifest of a body from its chunks in order. Up to 16 references lie in the manifest
/// itself; more become a tree whose nodes, of up to 1,024 references each, are chunks too, so that
/// the row stays small and a part of the tree can be read without the rest.
///
/// Nodes are written as they fill, so what is in memory is one unfinished node a level. All leaves
/// have the same depth. One use, one thread.
final class ManifestBuilder {
  /// The most references in a manifest.
  static final int MAX_INLINE = 16;

  /// The most references in a node: some 40 KiB.
  static final int FAN_OUT = 1024;

  private final Function<ByteString, ChunkId> nodeStore;

  /// Chunks that have no node yet.
  private final List<ChunkReference> chunks = new ArrayList<>();

  /// Nodes that have none above them yet; from the lowest level up.
  private final List<List<ManifestNodeReference>> levels = new ArrayList<>();

  private long size;

  /// @param nodeStore stores the serialised bytes of a node as a chunk
  ManifestBuilder(Function<ByteString, ChunkId> nodeStore) {
    this.nodeStore = nodeStore;
  }

  /// Adds a whole chunk.
  void add(ChunkId chunk, int length) {
    if (chunks.size() == FAN_OUT) {
      flushChunks();
    }
    size += length;
    chunks.add(ChunkReference.newBuilder().setChunk(bytes(chunk)).setLength(length).build());
  }

  /// The manifest. Nothing is added afterwards.
  Manifest build() {
    Manifest.Builder manifest = Manifest.newBuilder().setSize(size);
    if (levels.isEmpty() && chunks.size() <= MAX_INLINE) {
      return manifest.addAllChunks(chunks).build();
    }
    flushChunks();
    for (int level = 0; ; level++) {
      boolean top = level == levels.size() - 1;
      if (top && levels.get(level).size() <= MAX_INLINE) {
        return manifest.addAllNodes(levels.get(level)).build();
      }
      flushNodes(level);
    }
  }

  private void flushChunks() {
    if (chunks.isEmpty()) {
      return;
    }
    long bytes = chunks.stream().mapToLong(ChunkReference::getLength).sum();
    addNode(0, ManifestNode.newBuilder().addAllChunks(chunks).build(), bytes);
    chunks.clear();
  }

  private void flushNodes(int level) {
    List<ManifestNodeReference> nodes = levels.get(level);
    if (nodes.isEmpty()) {
      return;
    }
    long bytes = nodes.stream().mapToLong(ManifestNodeReference::getSize).sum();
    addNode(level + 1, ManifestNode.newBuilder().addAllNodes(nodes).build(), bytes);
    nodes.clear();
  }

  private void addNode(int level, ManifestNode node, long bytes) {
    if (level == levels.size()) {
      levels.add(new ArrayList<>());
    }
    if (levels.get(level).size() == FAN_OUT) {
      flushNodes(level);
    }
    ChunkId chunk = nodeStore.apply(node.toByteString());
    levels
        .get(level)
        .add(ManifestNodeReference.newBuilder().setChunk(bytes(chunk)).setSize(bytes).build());
  }

  private static ByteString bytes(ChunkId id) {
    return UnsafeByteOperations.unsafeWrap(id.toBytes());
  }
}
