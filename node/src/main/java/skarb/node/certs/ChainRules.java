package skarb.node.certs;

import java.security.GeneralSecurityException;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Whether certificates lead to an authority, by PKIX (RFC 5280), at a time that is handed in.
/// There are no revocation lists: who is out is no member any more.
final class ChainRules {
  private ChainRules() {}

  /// Checks a chain.
  ///
  /// @param chain the site's own certificate first
  /// @param authorities any of them may have issued it
  /// @throws CertificateException unless it is sound now
  static void check(List<X509Certificate> chain, List<X509Certificate> authorities, Instant now)
      throws CertificateException {
    if (chain.isEmpty() || authorities.isEmpty()) {
      throw new CertificateException("there is no certificate");
    }
    List<X509Certificate> path =
        chain.stream().filter(each -> !authorities.contains(each)).toList();
    if (path.isEmpty() || !path.getFirst().equals(chain.getFirst())) {
      throw new CertificateException("an authority is no site");
    }
    Set<TrustAnchor> anchors = new LinkedHashSet<>();
    authorities.forEach(each -> anchors.add(new TrustAnchor(each, null)));
    try {
      CertPath built = CertificateFactory.getInstance("X.509").generateCertPath(path);
      PKIXParameters parameters = new PKIXParameters(anchors);
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(now));
      CertPathValidator.getInstance("PKIX").validate(built, parameters);
    } catch (CertificateException e) {
      throw e;
    } catch (GeneralSecurityException e) {
      throw new CertificateException("not a certificate of this realm: " + e.getMessage(), e);
    }
  }
}
