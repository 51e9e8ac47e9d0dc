package skarb.node.content;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import skarb.node.model.ChunkId;
import skarb.node.model.FrameBytes;
import skarb.node.model.NodeException;
import skarb.node.segment.ChunkStore;
import skarb.node.segment.Pin;
import skarb.v1.ErrorReason;
import skarb.v1.ManifestNode;
import skarb.v1.ManifestNodeReference;

/// The nodes of manifests' trees as chunks of a store. Threads: as what takes the pins.
final class StoredNodes implements ManifestNodes {
  /// More than [ManifestBuilder] ever makes of a node: what is longer is something else.
  private static final int MOST_BYTES = 128 << 10;

  private final ChunkStore chunks;
  private final Consumer<Pin> pins;

  /// @param pins takes the pin on each node that is stored; it is not durable yet
  StoredNodes(ChunkStore chunks, Consumer<Pin> pins) {
    this.chunks = chunks;
    this.pins = pins;
  }

  @Override
  public ManifestNode load(ManifestNodeReference reference) {
    ChunkId id = ManifestWalk.id(reference.getChunk());
    int length =
        chunks
            .length(id)
            .orElseThrow(
                () -> ManifestWalk.damaged("manifest node " + id + " is not in this store"));
    if (length > MOST_BYTES) {
      throw ManifestWalk.damaged("chunk " + id + " of " + length + " bytes is no manifest node");
    }
    try {
      return ManifestNode.parseFrom(chunks.readAll(id, length));
    } catch (InvalidProtocolBufferException e) {
      throw new NodeException(
          ErrorReason.ERROR_REASON_DATA_DAMAGED, "chunk " + id + " is no manifest node", e);
    }
  }

  @Override
  public ChunkId store(ByteString node) {
    List<ByteBuffer> data = FrameBytes.of(node);
    ChunkId id = ChunkId.ofContent(data);
    pins.accept(chunks.putIfAbsent(id, data, node.size()));
    return id;
  }
}
