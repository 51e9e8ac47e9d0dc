package skarb.node.certs;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import skarb.node.access.PeerTrust;
import skarb.node.index.Catalog;
import skarb.node.model.SiteId;

/// Believes certificates of the realm's authorities, as long as their site is a member: one that
/// left is out with its next call, whatever its certificate says. This site itself is no peer.
public final class PeerIdentity implements PeerTrust {
  private final SiteCertificates certificates;
  private final Catalog catalog;
  private final InstantSource clock;

  public PeerIdentity(SiteCertificates certificates, Catalog catalog, InstantSource clock) {
    this.certificates = certificates;
    this.catalog = catalog;
    this.clock = clock;
  }

  @Override
  public Optional<SiteId> member(List<X509Certificate> chain) {
    Optional<Credentials> own = certificates.current();
    if (own.isEmpty() || chain.isEmpty()) {
      return Optional.empty();
    }
    try {
      ChainRules.check(chain, own.get().authorities(), clock.instant());
    } catch (CertificateException e) {
      return Optional.empty();
    }
    return SiteNames.site(chain.getFirst())
        .filter(site -> !site.equals(certificates.site()))
        .filter(this::isMember);
  }

  @Override
  public boolean isMember(SiteId site) {
    return catalog.member(site).filter(member -> !member.getLeft()).isPresent();
  }
}
