package skarb.node.commit;

import skarb.node.model.NodeException;

/// What became of one mutation.
public sealed interface Outcome {

  /// It is durable and visible.
  record Done(Committed committed) implements Outcome {}

  /// It is not: rejected or refused. With READ_ONLY after a failed force, what became of it is open
  /// until the next start.
  record Failed(NodeException reason) implements Outcome {}
}
