package skarb.node.content;

import skarb.node.model.NodeException;
import skarb.node.segment.ChunkStore;
import skarb.node.segment.FrameSink;
import skarb.node.segment.Pin;
import skarb.v1.Manifest;

/// Reads bodies, or ranges of them, through their manifests. Of a manifest's tree one path from the
/// root is in memory, whatever the body's size; of the body one frame. Threads: any.
public final class BodyReader {
  private final ChunkStore chunks;
  private final ManifestNodes nodes;

  public BodyReader(ChunkStore chunks) {
    this.chunks = chunks;
    this.nodes = new StoredNodes(chunks, Pin::close); // it only loads
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
    ManifestWalk.walk(
        nodes,
        manifest,
        first,
        length,
        reference ->
            chunks.read(
                ManifestWalk.id(reference.getChunk()),
                reference.getOffset(),
                reference.getLength(),
                sink));
  }
}
