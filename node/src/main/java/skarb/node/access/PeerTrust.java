package skarb.node.access;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import skarb.node.model.SiteId;

/// Says which site a certificate on the peers' listener stands for. Safe for any thread.
@FunctionalInterface
public interface PeerTrust {
  /// Believes nobody.
  PeerTrust NOBODY = chain -> Optional.empty();

  /// The member of the realm that a chain of certificates stands for, the caller's own first. TLS
  /// has proved that the caller has its key; everything else is judged here: who issued it, whether
  /// its time has come and is not over, and whether the site is a member now.
  ///
  /// @return empty for everybody else
  Optional<SiteId> member(List<X509Certificate> chain);

  /// Whether a site that was let in is a member still: asked with each message of a call that goes
  /// on, so it costs little.
  default boolean isMember(SiteId site) {
    return false;
  }
}
