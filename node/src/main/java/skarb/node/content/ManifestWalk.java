package skarb.node.content;

import com.google.protobuf.ByteString;
import java.util.List;
import skarb.node.disk.ChunkRecordFormat;
import skarb.node.model.ChunkId;
import skarb.node.model.NodeException;
import skarb.v1.ChunkReference;
import skarb.v1.ErrorReason;
import skarb.v1.Manifest;
import skarb.v1.ManifestNodeReference;

/// Goes through a range of a manifest in order: which bytes of which chunks they are. Of a tree it
/// reads only the nodes that the range touches, and one path from the root is in memory, whatever
/// the body's size.
///
/// Nothing in a manifest is believed unchecked: sizes that do not add up, chunks that are too long
/// and trees that are too deep are damage. One walk, one thread.
final class ManifestWalk {
  /// Four levels of nodes of 2 references each would do for any body; a tree that is deeper than
  /// this was made to hurt.
  static final int MAX_DEPTH = 8;

  private final ManifestNodes nodes;
  private final long from;
  private final long to;
  private final Visitor visitor;

  private ManifestWalk(ManifestNodes nodes, long from, long to, Visitor visitor) {
    this.nodes = nodes;
    this.from = from;
    this.to = to;
    this.visitor = visitor;
  }

  /// Goes through a range.
  ///
  /// @param first the first byte wanted
  /// @param length how many; the range lies within the body
  /// @throws NodeException DATA_DAMAGED if a node cannot be read or makes no sense: perhaps after
  ///   some of the range was handed over
  /// @throws IndexOutOfBoundsException if the range does not lie within the body
  static void walk(
      ManifestNodes nodes, Manifest manifest, long first, long length, Visitor visitor) {
    if (first < 0 || length < 0 || length > manifest.getSize() - first) {
      throw new IndexOutOfBoundsException(
          length + " bytes from " + first + " of a body of " + manifest.getSize());
    }
    if (length > 0) {
      new ManifestWalk(nodes, first, first + length, visitor)
          .read(manifest.getChunksList(), manifest.getNodesList(), 0, manifest.getSize(), 0);
    }
  }

  /// Takes what a walk meets, in the order of the bytes.
  interface Visitor {
    /// Some bytes of a chunk, all of them wanted.
    void chunk(ChunkReference reference);

    /// A node, all of whose bytes are wanted.
    ///
    /// @return whether that is all; if not, the walk goes on into it
    default boolean node(ManifestNodeReference reference) {
      return false;
    }
  }

  /// Reads what is wanted of a node.
  ///
  /// @param start where the node's bytes begin in the body
  /// @param size how many it should have
  private void read(
      List<ChunkReference> chunkList,
      List<ManifestNodeReference> nodeList,
      long start,
      long size,
      int depth) {
    check(chunkList, nodeList, size, depth);
    long at = start;
    for (ChunkReference reference : chunkList) {
      readChunk(reference, at);
      at += length(reference);
    }
    for (ManifestNodeReference reference : nodeList) {
      if (at < to && at + reference.getSize() > from) {
        readNode(reference, at, depth + 1);
      }
      at += reference.getSize();
    }
  }

  private void readChunk(ChunkReference reference, long at) {
    long begin = Math.max(from - at, 0);
    long end = Math.min(to - at, length(reference));
    if (begin >= end) {
      return;
    }
    boolean whole = begin == 0 && end == length(reference);
    visitor.chunk(
        whole
            ? reference
            : reference.toBuilder()
                .setOffset((int) (offset(reference) + begin))
                .setLength((int) (end - begin))
                .build());
  }

  private void readNode(ManifestNodeReference reference, long at, int depth) {
    boolean whole = at >= from && at + reference.getSize() <= to;
    if (whole && visitor.node(reference)) {
      return;
    }
    var node = nodes.load(reference);
    read(node.getChunksList(), node.getNodesList(), at, reference.getSize(), depth);
  }

  private static void check(
      List<ChunkReference> chunkList, List<ManifestNodeReference> nodeList, long size, int depth) {
    long sum = 0;
    for (ChunkReference reference : chunkList) {
      long end = offset(reference) + length(reference);
      if (end > ChunkRecordFormat.MAX_CHUNK_BYTES) {
        throw damaged("a manifest points at byte " + end + " of a chunk");
      }
      sum += length(reference);
    }
    for (ManifestNodeReference reference : nodeList) {
      if (reference.getSize() <= 0 || reference.getSize() > size - sum) {
        throw damaged("a manifest's node has " + reference.getSize() + " bytes of " + size);
      }
      if (reference.getHeight() < 0 || reference.getHeight() >= MAX_DEPTH) {
        throw damaged("a manifest's node has " + reference.getHeight() + " levels below it");
      }
      sum += reference.getSize();
    }
    if (sum != size || depth > MAX_DEPTH) {
      throw damaged("a manifest's node of %d bytes at depth %d has %d".formatted(size, depth, sum));
    }
  }

  /// How many bytes of its chunk a reference names.
  static long length(ChunkReference reference) {
    return Integer.toUnsignedLong(reference.getLength());
  }

  /// The first byte of its chunk that a reference names.
  static long offset(ChunkReference reference) {
    return Integer.toUnsignedLong(reference.getOffset());
  }

  static ChunkId id(ByteString bytes) {
    if (bytes.size() != ChunkId.BYTES) {
      throw damaged("a manifest names a chunk by " + bytes.size() + " bytes");
    }
    return ChunkId.of(bytes);
  }

  static NodeException damaged(String message) {
    return new NodeException(ErrorReason.ERROR_REASON_DATA_DAMAGED, message);
  }
}
