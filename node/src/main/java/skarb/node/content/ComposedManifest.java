package skarb.node.content;

import java.util.List;
import skarb.node.segment.Pin;
import skarb.v1.Manifest;

/// A manifest made of others, ready to be committed: its own nodes are durable.
///
/// Closing it lets them go: once the row that names them was applied, or certainly never will be.
/// It neither blocks for long nor throws, and twice is once; any thread may.
///
/// @param manifest for the row
/// @param pins on the nodes that were made for it. What it shares with the manifests that it was
///   made of is *not* pinned: their rows keep it
public record ComposedManifest(Manifest manifest, List<Pin> pins) implements AutoCloseable {
  public ComposedManifest {
    pins = List.copyOf(pins);
  }

  @Override
  public void close() {
    pins.forEach(Pin::close);
  }
}
