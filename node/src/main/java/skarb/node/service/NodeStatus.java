package skarb.node.service;

import skarb.v1.GetStatusResponse;

/// The node's state in figures, as whoever put its parts together can tell it.
@FunctionalInterface
public interface NodeStatus {
  /// The figures now. Safe for any thread; may read much (the digest over all rows), never waits.
  GetStatusResponse now();
}
