package skarb.node.certs;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import skarb.node.model.SiteId;

/// Contexts for TLS between sites: both sides show a certificate, TLS 1.3 only. Certificates are
/// looked up with each handshake.
public final class PeerTls {
  private static final String TLS_1_3 = "TLSv1.3";

  private final SiteCertificates certificates;
  private final InstantSource clock;

  public PeerTls(SiteCertificates certificates, InstantSource clock) {
    this.certificates = certificates;
    this.clock = clock;
  }

  /// For the listener: who connects must show a certificate and prove that it has its key. Any is
  /// let in here, for a site that is joining has none of the realm's yet; what it opens is judged
  /// with each call.
  public SslContext listener() throws SSLException {
    return configured(
            SslContextBuilder.forServer(new SiteKeyManager(this::shown))
                .trustManager(new JudgedTrust(chain -> {}))
                .clientAuth(ClientAuth.REQUIRE))
        .build();
  }

  /// For dialing a site: the realm's certificate with that site's id, and no other.
  public SslContext dialer(SiteId peer) throws SSLException {
    return configured(
            SslContextBuilder.forClient()
                .keyManager(new SiteKeyManager(this::shown))
                .trustManager(new JudgedTrust(chain -> mustBe(peer, chain))))
        .build();
  }

  /// For joining: any site of the realm whose authority has a fingerprint. What is shown there
  /// vouches for nothing.
  ///
  /// @param keys the joiner's own
  /// @param temporary its certificate, made by itself
  /// @param fingerprint SHA-256 of the authority's certificate, 64 hex digits
  static SslContext joiner(
      KeyPair keys, X509Certificate temporary, String fingerprint, InstantSource clock)
      throws SSLException {
    SiteKeyManager.Shown shown =
        SiteKeyManager.Shown.of(new X509Certificate[] {temporary}, keys.getPrivate());
    return configured(
            SslContextBuilder.forClient()
                .keyManager(new SiteKeyManager(() -> shown))
                .trustManager(new JudgedTrust(chain -> mustLeadTo(fingerprint, chain, clock))))
        .build();
  }

  /// By BoringSSL where it is there for the platform, since the JDK's own needs some seconds until
  /// its AES is compiled, and twice the work after that.
  private static SslContextBuilder configured(SslContextBuilder builder) {
    SslProvider provider = OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK;
    return GrpcSslContexts.configure(builder, provider).protocols(TLS_1_3);
  }

  private SiteKeyManager.Shown shown() {
    return SiteKeyManager.Shown.of(
        certificates
            .current()
            .orElseThrow(() -> new IllegalStateException("this site has no certificate")));
  }

  private void mustBe(SiteId peer, List<X509Certificate> chain) throws CertificateException {
    Credentials own =
        certificates
            .current()
            .orElseThrow(() -> new CertificateException("this site has no certificate"));
    ChainRules.check(chain, own.authorities(), clock.instant());
    Optional<SiteId> found = SiteNames.site(chain.getFirst());
    if (!found.equals(Optional.of(peer))) {
      throw new CertificateException(
          "the certificate is that of "
              + found.map(site -> "site " + site).orElse("no site")
              + ", not of site "
              + peer);
    }
  }

  private static void mustLeadTo(
      String fingerprint, List<X509Certificate> chain, InstantSource clock)
      throws CertificateException {
    Optional<X509Certificate> authority =
        chain.stream().filter(each -> isFingerprint(fingerprint, each)).findFirst();
    if (authority.isEmpty()) {
      throw new CertificateException("no authority with the invitation's fingerprint");
    }
    ChainRules.check(chain, List.of(authority.get()), clock.instant());
    if (SiteNames.site(chain.getFirst()).isEmpty()) {
      throw new CertificateException("not the certificate of a site");
    }
  }

  private static boolean isFingerprint(String fingerprint, X509Certificate certificate) {
    return MessageDigest.isEqual(
        fingerprint.getBytes(StandardCharsets.US_ASCII),
        SiteNames.fingerprint(certificate).getBytes(StandardCharsets.US_ASCII));
  }
}
