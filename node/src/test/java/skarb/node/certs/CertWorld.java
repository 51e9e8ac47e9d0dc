package skarb.node.certs;

import java.io.IOException;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import skarb.node.access.NodeSecrets;
import skarb.node.certs.CertificateMaker.Issuer;
import skarb.node.model.Seams;
import skarb.node.model.SiteId;
import skarb.testkit.time.VirtualTime;

/// Sites' certificates on temporary folders, under a clock that is moved by hand.
final class CertWorld {
  final VirtualTime time = new VirtualTime(Instant.parse("2026-01-02T03:04:05Z"));
  final Random random = new Random(3);
  final CertificateMaker maker = new CertificateMaker(random);

  Seams seams() {
    return new Seams(
        time, time::nanoTime, Thread.ofVirtual().factory(), time.newTimer(Runnable::run), random);
  }

  SiteCertificates site(Path directory, int id, boolean storeIsNew) throws IOException {
    return new SiteCertificates(
        directory,
        NodeSecrets.open(directory, storeIsNew, random).nodeKey(),
        new SiteId(id),
        "site-" + id,
        seams());
  }

  /// What a site has by another authority than its realm's, or by its own.
  Credentials issued(Issuer issuer, SiteId site, Instant at) {
    KeyPair keys = maker.newKeyPair();
    X509Certificate certificate = maker.site(issuer, site, "other", "", keys.getPublic(), at);
    return new Credentials(
        List.of(issuer.certificate()), Optional.empty(), List.of(certificate), keys.getPrivate());
  }

  Issuer authority(String name) {
    KeyPair keys = maker.newKeyPair();
    return new Issuer(maker.authority(keys, name, time.instant()), keys.getPrivate());
  }
}
