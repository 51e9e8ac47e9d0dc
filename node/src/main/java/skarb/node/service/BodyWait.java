package skarb.node.service;

import java.util.Map;
import skarb.node.model.EntryDot;

/// Where a read waits for bytes that another site wrote and that are still on their way.
@FunctionalInterface
public interface BodyWait {
  /// Nothing is ever on its way.
  BodyWait NONE = (entry, about) -> {};

  /// Returns once all bytes that an entry names are here.
  ///
  /// @param about what was asked for, for the error
  /// @throws skarb.node.model.NodeException BODY_NOT_HERE after a while
  void await(EntryDot entry, Map<String, String> about);
}
