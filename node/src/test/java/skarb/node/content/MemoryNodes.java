package skarb.node.content;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.HashMap;
import java.util.Map;
import skarb.node.model.ChunkId;
import skarb.node.segment.SegmentFixture;
import skarb.v1.ManifestNode;
import skarb.v1.ManifestNodeReference;

/// Nodes in memory, counted.
final class MemoryNodes implements ManifestNodes {
  private final Map<ByteString, ByteString> nodes = new HashMap<>();
  private int loads;
  private int stores;
  private int largest;

  @Override
  public ManifestNode load(ManifestNodeReference reference) {
    loads++;
    ByteString bytes = nodes.get(reference.getChunk());
    if (bytes == null) {
      throw ManifestWalk.damaged("no node " + reference);
    }
    try {
      return ManifestNode.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public ChunkId store(ByteString node) {
    stores++;
    largest = Math.max(largest, node.size());
    ChunkId id = SegmentFixture.id(node.toByteArray());
    nodes.put(ByteString.copyFrom(id.toBytes()), node);
    return id;
  }

  /// How many were read since the last call.
  int loads() {
    int count = loads;
    loads = 0;
    return count;
  }

  /// How many were stored since the last call.
  int stored() {
    int count = stores;
    stores = 0;
    return count;
  }

  /// Bytes of the largest.
  int largest() {
    return largest;
  }
}
