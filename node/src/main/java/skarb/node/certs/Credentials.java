package skarb.node.certs;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a site holds of certificates and keys. Immutable; its text shows no key.
///
/// @param authorities the realm's authorities that are trusted; the first issues
/// @param authorityKey the first one's key; empty where it was brought along without
/// @param chain the site's own certificate, then those between it and the authority
/// @param key the site's own key
public record Credentials(
    List<X509Certificate> authorities,
    Optional<PrivateKey> authorityKey,
    List<X509Certificate> chain,
    PrivateKey key) {
  public Credentials {
    authorities = List.copyOf(authorities);
    chain = List.copyOf(chain);
    if (authorities.isEmpty() || chain.isEmpty()) {
      throw new IllegalArgumentException("an authority and a certificate at least");
    }
  }

  /// The authority that issues.
  public X509Certificate authority() {
    return authorities.getFirst();
  }

  /// The site's own certificate.
  public X509Certificate certificate() {
    return chain.getFirst();
  }

  /// What is shown to peers: the chain and its authority, so that who knows no more than the
  /// authority's fingerprint can check it.
  X509Certificate[] shown() {
    List<X509Certificate> shown = new ArrayList<>(chain);
    shown.add(authority());
    return shown.toArray(X509Certificate[]::new);
  }

  /// The authority with its key, where it is here.
  Optional<CertificateMaker.Issuer> issuer() {
    return authorityKey.map(secret -> new CertificateMaker.Issuer(authority(), secret));
  }

  Credentials withSite(X509Certificate certificate, PrivateKey siteKey) {
    return new Credentials(authorities, authorityKey, List.of(certificate), siteKey);
  }

  @Override
  public String toString() {
    return "Credentials[" + certificate().getSubjectX500Principal() + "]";
  }
}
