package skarb.node.service;

import java.util.Map;
import skarb.node.model.EntryDot;

/// Where a read waits for bytes that another site wrote and that are still on their way.
@FunctionalInterface
public interface BodyWait {
  /// Nothing is ever on its way.
  BodyWait NONE = (entry, about) -> false;

  /// Returns once all bytes that an entry names are here, or no row needs them any more.
  ///
  /// @param about what was asked for, for the error
  /// @throws skarb.node.model.NodeException BODY_NOT_HERE after a while
  /// @return whether it had to wait: then what was to be read may be gone meanwhile
  boolean await(EntryDot entry, Map<String, String> about);
}
