package skarb.node.content;

import com.google.protobuf.ByteString;
import skarb.node.model.ChunkId;
import skarb.node.model.NodeException;
import skarb.v1.ManifestNode;
import skarb.v1.ManifestNodeReference;

/// Where the nodes of manifests' trees come from, and where new ones go.
interface ManifestNodes {
  /// Reads a node.
  ///
  /// @throws NodeException DATA_DAMAGED if it is not there, does not verify or is no node
  ManifestNode load(ManifestNodeReference reference);

  /// Stores the serialised bytes of a node.
  ///
  /// @throws NodeException READ_ONLY or DISK_FULL if it cannot be stored
  ChunkId store(ByteString node);
}
