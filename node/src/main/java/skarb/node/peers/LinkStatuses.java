package skarb.node.peers;

import java.util.Optional;
import skarb.node.model.SiteId;

/// Where the node asks how the exchanges go that it does not drive itself. Safe for any thread; an
/// answer costs nothing.
@FunctionalInterface
public interface LinkStatuses {
  /// Nobody drives any.
  LinkStatuses NONE = site -> Optional.empty();

  /// How the exchange with a peer goes; empty where there is none.
  Optional<LinkStatus> of(SiteId site);
}
