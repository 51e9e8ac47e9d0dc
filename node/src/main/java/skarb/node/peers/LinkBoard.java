package skarb.node.peers;

import java.util.Optional;
import skarb.node.model.SiteId;

/// Where the driver of exchanges, which starts after the node, says that it can be asked. Safe for
/// any thread.
public final class LinkBoard implements LinkStatuses {
  private volatile LinkStatuses driver = NONE;

  /// From now on this is who knows.
  public void drivenBy(LinkStatuses statuses) {
    driver = statuses;
  }

  @Override
  public Optional<LinkStatus> of(SiteId site) {
    return driver.of(site);
  }
}
