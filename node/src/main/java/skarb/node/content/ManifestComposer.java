package skarb.node.content;

import java.util.ArrayList;
import java.util.List;
import skarb.node.model.NodeException;
import skarb.node.segment.ChunkStore;
import skarb.node.segment.Pin;
import skarb.v1.ChunkReference;
import skarb.v1.Manifest;
import skarb.v1.ManifestNodeReference;

/// Makes manifests out of manifests: the parts of a multipart upload become one body, and a range
/// of a body becomes a part, with no byte of a body read or written.
///
/// Nodes of the trees are taken over as they are, so that 10,000 parts of 512 MiB become one body
/// by some ten new nodes, and a range of 5 TiB by reading the two paths to its ends. Trees that are
/// made of trees, again and again, grow deeper all the same, slowly; one that has more than
/// [#MAX_DEPTH] levels is made anew, flat, from its chunk references: 1.3 million for 5 TiB, one
/// node at a time.
///
/// What the new manifest shares with the old ones is kept by their rows, not by pins (there may be
/// millions of chunks). So the commit that names it must find those rows still there, in the same
/// state: the source's version, the parts of the upload.
///
/// Threads: any.
public final class ManifestComposer {
  /// Twice as deep as a body of 5 TiB needs, half as deep as a reader goes.
  static final int MAX_DEPTH = 4;

  private final ChunkStore chunks;

  public ManifestComposer(ChunkStore chunks) {
    this.chunks = chunks;
  }

  /// The manifest of bodies one after the other. Who gets it closes it.
  ///
  /// @param parts gone through once; of those that are over nothing is kept
  /// @throws NodeException READ_ONLY or DISK_FULL if a node cannot be stored, DATA_DAMAGED if one
  ///   that is needed cannot be read
  public ComposedManifest concatenate(Iterable<Manifest> parts) {
    return store(nodes -> concatenate(nodes, ManifestBuilder.FAN_OUT, parts));
  }

  /// The manifest of a range of a body. Who gets it closes it.
  ///
  /// @param first the first byte
  /// @param length how many; the range lies within the body
  /// @throws NodeException as [#concatenate]
  /// @throws IndexOutOfBoundsException if the range does not lie within the body
  public ComposedManifest slice(Manifest manifest, long first, long length) {
    return store(nodes -> slice(nodes, ManifestBuilder.FAN_OUT, manifest, first, length));
  }

  private ComposedManifest store(Composition composition) {
    List<Pin> pins = new ArrayList<>();
    try {
      Manifest manifest = composition.compose(new StoredNodes(chunks, pins::add));
      chunks.force(pins);
      return new ComposedManifest(manifest, pins);
    } catch (Throwable t) {
      pins.forEach(Pin::close);
      throw t;
    }
  }

  static Manifest concatenate(ManifestNodes nodes, int fanOut, Iterable<Manifest> parts) {
    ManifestBuilder builder = new ManifestBuilder(nodes, fanOut);
    for (Manifest part : parts) {
      ManifestWalk.walk(nodes, part, 0, part.getSize(), new Adder(builder, true));
    }
    return flat(nodes, fanOut, builder.build());
  }

  static Manifest slice(
      ManifestNodes nodes, int fanOut, Manifest manifest, long first, long length) {
    ManifestBuilder builder = new ManifestBuilder(nodes, fanOut);
    ManifestWalk.walk(nodes, manifest, first, length, new Adder(builder, true));
    return flat(nodes, fanOut, builder.build());
  }

  private static Manifest flat(ManifestNodes nodes, int fanOut, Manifest manifest) {
    if (ManifestBuilder.depth(manifest) <= MAX_DEPTH) {
      return manifest;
    }
    ManifestBuilder builder = new ManifestBuilder(nodes, fanOut);
    ManifestWalk.walk(nodes, manifest, 0, manifest.getSize(), new Adder(builder, false));
    return builder.build();
  }

  /// Makes one manifest, storing its nodes.
  @FunctionalInterface
  private interface Composition {
    Manifest compose(ManifestNodes nodes);
  }

  /// @param wholeNodes whether nodes are taken over, rather than what is in them
  private record Adder(ManifestBuilder builder, boolean wholeNodes)
      implements ManifestWalk.Visitor {
    @Override
    public void chunk(ChunkReference reference) {
      builder.add(reference);
    }

    @Override
    public boolean node(ManifestNodeReference reference) {
      if (wholeNodes) {
        builder.add(reference);
      }
      return wholeNodes;
    }
  }
}
