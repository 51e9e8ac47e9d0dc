package skarb.node.content;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.ArrayList;
import java.util.List;
import skarb.node.model.ChunkId;
import skarb.node.model.NodeException;
import skarb.node.segment.ChunkStore;
import skarb.node.segment.FrameSink;
import skarb.v1.ChunkReference;
import skarb.v1.ErrorReason;
import skarb.v1.Manifest;
import skarb.v1.ManifestNode;
import skarb.v1.ManifestNodeReference;

/// Reads bodies, or ranges of them, through their manifests. Of a manifest's tree one path from the
/// root is in memory, whatever the body's size; of the body one frame. Threads: any.
public final class BodyReader {
  /// Four levels of nodes of 2 references each would do for any body; a tree that is deeper than
  /// this was made to hurt.
  private static final int MAX_DEPTH = 8;

  private final ChunkStore chunks;

  public BodyReader(ChunkStore chunks) {
    this.chunks = chunks;
  }

  /// Reads a range of a body, in frames of up to 256 KiB, each verified and with its CRC-32C.
  ///
  /// @param first the first byte wanted
  /// @param length how many; the range lies within the body
  /// @param sink takes the frames in order, on this thread; none where the length is 0
  /// @throws NodeException DATA_DAMAGED if a chunk is missing, does not verify, or the manifest's
  ///   tree makes no sense: perhaps after some frames were handed over
  /// @throws IndexOutOfBoundsException if the range does not lie within the body
  public void read(Manifest manifest, long first, long length, FrameSink sink) {
    if (first < 0 || length < 0 || length > manifest.getSize() - first) {
      throw new IndexOutOfBoundsException(
          length + " bytes from " + first + " of a body of " + manifest.getSize());
    }
    if (length > 0) {
      new Descent(first, first + length, sink)
          .read(manifest.getChunksList(), manifest.getNodesList(), 0, manifest.getSize(), 0);
    }
  }

  /// One reading.
  private final class Descent {
    private final long from;
    private final long to;
    private final FrameSink sink;

    Descent(long from, long to, FrameSink sink) {
      this.from = from;
      this.to = to;
      this.sink = sink;
    }

    /// Reads what is wanted of a node.
    ///
    /// @param start where the node's bytes begin in the body
    /// @param size how many it should have
    void read(
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
          ManifestNode node = load(reference);
          read(node.getChunksList(), node.getNodesList(), at, reference.getSize(), depth + 1);
        }
        at += reference.getSize();
      }
    }

    private void readChunk(ChunkReference reference, long at) {
      long begin = Math.max(from - at, 0);
      long end = Math.min(to - at, length(reference));
      if (begin < end) {
        long offset = Integer.toUnsignedLong(reference.getOffset()) + begin;
        if (offset > Integer.MAX_VALUE) {
          throw damaged("a manifest points at byte " + offset + " of a chunk");
        }
        chunks.read(id(reference.getChunk()), (int) offset, (int) (end - begin), sink);
      }
    }

    private void check(
        List<ChunkReference> chunkList,
        List<ManifestNodeReference> nodeList,
        long size,
        int depth) {
      long sum = 0;
      for (ChunkReference reference : chunkList) {
        sum += length(reference);
      }
      for (ManifestNodeReference reference : nodeList) {
        if (reference.getSize() <= 0 || reference.getSize() > size - sum) {
          throw damaged("a manifest's node has " + reference.getSize() + " bytes of " + size);
        }
        sum += reference.getSize();
      }
      if (sum != size || depth > MAX_DEPTH) {
        throw damaged(
            "a manifest's node of %d bytes at depth %d has %d".formatted(size, depth, sum));
      }
    }
  }

  private ManifestNode load(ManifestNodeReference reference) {
    ChunkId id = id(reference.getChunk());
    int length =
        chunks
            .length(id)
            .orElseThrow(() -> damaged("manifest node " + id + " is not in this store"));
    List<ByteString> frames = new ArrayList<>();
    chunks.read(id, 0, length, (content, crc32c) -> frames.add(content));
    try {
      return ManifestNode.parseFrom(ByteString.copyFrom(frames));
    } catch (InvalidProtocolBufferException e) {
      throw new NodeException(
          ErrorReason.ERROR_REASON_DATA_DAMAGED, "chunk " + id + " is no manifest node", e);
    }
  }

  private static long length(ChunkReference reference) {
    return Integer.toUnsignedLong(reference.getLength());
  }

  private static ChunkId id(ByteString bytes) {
    if (bytes.size() != ChunkId.BYTES) {
      throw damaged("a manifest names a chunk by " + bytes.size() + " bytes");
    }
    return ChunkId.of(bytes);
  }

  private static NodeException damaged(String message) {
    return new NodeException(ErrorReason.ERROR_REASON_DATA_DAMAGED, message);
  }
}
