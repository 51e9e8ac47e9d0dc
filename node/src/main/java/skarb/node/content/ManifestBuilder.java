package skarb.node.content;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.util.ArrayList;
import java.util.List;
import skarb.node.model.ChunkId;
import skarb.v1.ChunkReference;
import skarb.v1.Manifest;
import skarb.v1.ManifestNode;
import skarb.v1.ManifestNodeReference;

/// Makes a manifest from chunks, and from nodes of other manifests' trees, in the order of their
/// bytes. Up to 16 references lie in the manifest itself; more become a tree whose nodes, of up to
/// 1,024 references each, are chunks too, so that the row stays small and a part of the tree can be
/// read without the rest.
///
/// ```
/// levels[2]   nodes of height ≤ 2  │ earlier bytes
/// levels[1]   nodes of height ≤ 1  │
/// levels[0]   nodes of chunks      │
/// chunks      not in a node yet    ▼ later bytes
/// ```
///
/// What waits on a lower level always comes after what waits on a higher one. So a level that is
/// full becomes one node on the level above; and before a node of some height is taken, all that
/// waits below becomes nodes up to its height. A level of one node goes up as it is. Nodes are
/// stored as they fill: what is in memory is one unfinished node a level.
///
/// One use, one thread.
final class ManifestBuilder {
  /// The most references in a manifest.
  static final int MAX_INLINE = 16;

  /// The most references in a node: some 48 KiB.
  static final int FAN_OUT = 1024;

  private final ManifestNodes nodes;
  private final int fanOut;
  private final List<ChunkReference> chunks = new ArrayList<>();
  private final List<List<ManifestNodeReference>> levels = new ArrayList<>();
  private long size;

  /// @param nodes stores nodes; none is loaded
  ManifestBuilder(ManifestNodes nodes) {
    this(nodes, FAN_OUT);
  }

  /// @param fanOut the most references in a node
  ManifestBuilder(ManifestNodes nodes, int fanOut) {
    this.nodes = nodes;
    this.fanOut = fanOut;
  }

  /// Adds a whole chunk.
  void add(ChunkId chunk, int length) {
    add(ChunkReference.newBuilder().setChunk(bytes(chunk)).setLength(length).build());
  }

  /// Adds some bytes of a chunk. Where they go on from what was added last, the two become one
  /// reference: a body that was cut into ranges and put together again is what it was.
  void add(ChunkReference reference) {
    size += ManifestWalk.length(reference);
    if (!chunks.isEmpty() && follows(reference, chunks.getLast())) {
      ChunkReference last = chunks.removeLast();
      chunks.add(last.toBuilder().setLength(last.getLength() + reference.getLength()).build());
      return;
    }
    if (chunks.size() == fanOut) {
      flushChunks();
    }
    chunks.add(reference);
  }

  private static boolean follows(ChunkReference reference, ChunkReference before) {
    return ManifestWalk.offset(before) + ManifestWalk.length(before)
            == ManifestWalk.offset(reference)
        && before.getChunk().equals(reference.getChunk());
  }

  /// Adds all bytes of a node that is stored.
  void add(ManifestNodeReference node) {
    size += node.getSize();
    flushChunks();
    for (int level = 0; level < Math.min(node.getHeight(), levels.size()); level++) {
      raise(level);
    }
    append(node.getHeight(), node);
  }

  /// The manifest. Nothing is added afterwards.
  Manifest build() {
    Manifest.Builder manifest = Manifest.newBuilder().setSize(size);
    if (waitingNodes() == 0 && chunks.size() <= MAX_INLINE) {
      return manifest.addAllChunks(chunks).build();
    }
    flushChunks();
    for (int level = 0; waitingNodes() > MAX_INLINE; level++) {
      raise(level);
    }
    levels.reversed().forEach(manifest::addAllNodes);
    return manifest.build();
  }

  /// The levels of nodes of a manifest's tree; 0 where its chunks lie in it.
  static int depth(Manifest manifest) {
    return manifest.getNodesList().stream().mapToInt(node -> node.getHeight() + 1).max().orElse(0);
  }

  private int waitingNodes() {
    return levels.stream().mapToInt(List::size).sum();
  }

  private void flushChunks() {
    if (chunks.isEmpty()) {
      return;
    }
    long bytes = chunks.stream().mapToLong(ManifestWalk::length).sum();
    append(0, store(ManifestNode.newBuilder().addAllChunks(chunks).build(), bytes, 0));
    chunks.clear();
  }

  /// Moves what waits on a level one up, as one node.
  private void raise(int level) {
    List<ManifestNodeReference> waiting = levels.get(level);
    if (waiting.isEmpty()) {
      return;
    }
    ManifestNodeReference one = waiting.getFirst();
    if (waiting.size() > 1) {
      long bytes = waiting.stream().mapToLong(ManifestNodeReference::getSize).sum();
      int height = 1 + waiting.stream().mapToInt(ManifestNodeReference::getHeight).max().orElse(0);
      one = store(ManifestNode.newBuilder().addAllNodes(waiting).build(), bytes, height);
    }
    waiting.clear();
    append(level + 1, one);
  }

  private void append(int level, ManifestNodeReference node) {
    while (level >= levels.size()) {
      levels.add(new ArrayList<>());
    }
    if (levels.get(level).size() == fanOut) {
      raise(level);
    }
    levels.get(level).add(node);
  }

  private ManifestNodeReference store(ManifestNode node, long bytes, int height) {
    return ManifestNodeReference.newBuilder()
        .setChunk(bytes(nodes.store(node.toByteString())))
        .setSize(bytes)
        .setHeight(height)
        .build();
  }

  private static ByteString bytes(ChunkId id) {
    return UnsafeByteOperations.unsafeWrap(id.toBytes());
  }
}
