package skarb.node.certs;

import com.google.common.base.Suppliers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import skarb.node.access.NodeBox;
import skarb.node.access.NodeKey;
import skarb.node.access.SealedFile;
import skarb.node.certs.CertificateMaker.Issuer;
import skarb.node.disk.CorruptFileException;
import skarb.node.disk.DirectorySync;
import skarb.node.model.NodeException;
import skarb.node.model.Seams;
import skarb.node.model.SiteId;
import skarb.v1.ErrorReason;

/// The certificates and keys of this site: the file `certs/credentials`, sealed under the node's
/// key and readable by its owner alone. Made when they are first wanted, renewed by themselves,
/// replaced when the site joins a realm.
///
/// Whoever asks [#current] gets what is valid now; contexts for TLS ask with each handshake, so a
/// new certificate is used from the next connection on and no connection is cut. A change is
/// durable before it is seen. Safe for any thread.
public final class SiteCertificates implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SiteCertificates.class);
  private static final int MAGIC = 0x536b4365; // SkCe
  private static final Duration LOOK = Duration.ofHours(1);
  private static final int LARGEST_CURVE_BITS = 384;

  private final Seams seams;
  private final SiteId site;
  private final String siteName;
  private final Supplier<CertificateMaker> maker;
  private final SealedFile file;
  private final ReentrantLock changing = new ReentrantLock();
  private volatile @Nullable Credentials current;
  private volatile String host = "";
  private volatile @Nullable ScheduledFuture<?> timer;

  /// Reads what there is.
  ///
  /// @param directory the data directory
  /// @throws skarb.node.access.KeyFileException if the file cannot be used
  /// @throws CorruptFileException if it is damaged
  public SiteCertificates(
      Path directory, NodeKey nodeKey, SiteId site, String siteName, Seams seams)
      throws IOException {
    this.seams = seams;
    this.site = site;
    this.siteName = siteName;
    // Bouncy Castle's classes are many, and in a signed jar: not before a certificate is made.
    this.maker = Suppliers.memoize(() -> new CertificateMaker(seams.random()));
    this.file =
        new SealedFile(
            directory.resolve("certs").resolve("credentials"),
            MAGIC,
            new NodeBox(nodeKey, "skarb/certs", seams.random()));
    Optional<byte[]> stored = file.read();
    if (stored.isPresent()) {
      try {
        this.current = CredentialsFormat.decode(stored.get());
      } catch (GeneralSecurityException e) {
        throw new CorruptFileException(file.path(), 12, "credentials", e.getMessage() + "");
      }
    }
  }

  /// The site that they are for.
  public SiteId site() {
    return site;
  }

  /// The site's name.
  public String siteName() {
    return siteName;
  }

  /// What there is; empty where none were ever wanted.
  public Optional<Credentials> current() {
    return Optional.ofNullable(current);
  }

  /// What there is, made first where there is nothing.
  public Credentials ensure() throws IOException {
    changing.lock();
    try {
      Credentials known = current;
      if (known != null) {
        return known;
      }
      Instant now = seams.clock().instant();
      KeyPair authorityKeys = maker.get().newKeyPair();
      X509Certificate authority = maker.get().authority(authorityKeys, siteName, now);
      KeyPair keys = maker.get().newKeyPair();
      X509Certificate own =
          maker
              .get()
              .site(
                  new Issuer(authority, authorityKeys.getPrivate()),
                  site,
                  siteName,
                  host,
                  keys.getPublic(),
                  now);
      return store(
          new Credentials(
              List.of(authority),
              Optional.of(authorityKeys.getPrivate()),
              List.of(own),
              keys.getPrivate()));
    } finally {
      changing.unlock();
    }
  }

  /// Takes others in place of what there is: those of the realm that the site joined, or of an
  /// authority that was brought along.
  ///
  /// @throws NodeException INVALID_ARGUMENT where they are not sound, or not this site's
  public void adopt(Credentials credentials) throws IOException {
    mustBeOurs(credentials);
    changing.lock();
    try {
      Credentials _ = store(credentials);
    } finally {
      changing.unlock();
    }
  }

  /// A certificate that was brought along.
  ///
  /// @param chain the site's own first
  /// @param key its key
  public record Own(List<X509Certificate> chain, PrivateKey key) {
    public Own {
      chain = List.copyOf(chain);
    }

    @Override
    public String toString() {
      return "Own[" + chain.getFirst().getSubjectX500Principal() + "]";
    }
  }

  /// Takes authorities that were brought along, and this site's certificate: one that was brought
  /// along too, or one that is issued now.
  ///
  /// @param key the first authority's; empty where it stays elsewhere
  /// @throws NodeException INVALID_ARGUMENT
  public Credentials adopt(
      List<X509Certificate> authorities, Optional<PrivateKey> key, Optional<Own> own)
      throws IOException {
    Credentials taken;
    if (own.isPresent()) {
      taken = new Credentials(authorities, key, own.get().chain(), own.get().key());
    } else {
      Issuer issuer =
          new Issuer(authorities.getFirst(), key.orElseThrow(SiteCertificates::noAuthorityKey));
      KeyPair keys = maker.get().newKeyPair();
      X509Certificate issued =
          maker.get().site(issuer, site, siteName, host, keys.getPublic(), seams.clock().instant());
      taken = new Credentials(authorities, key, List.of(issued), keys.getPrivate());
    }
    adopt(taken);
    return taken;
  }

  /// As [#adopt], of what was checked before and may have aged since: it is renewed where it is
  /// time.
  public void adoptChecked(Credentials credentials) throws IOException {
    changing.lock();
    try {
      Credentials _ = store(credentials);
      renewLockedIfDue();
    } finally {
      changing.unlock();
    }
  }

  /// Checks that credentials could be this site's now.
  ///
  /// @throws NodeException INVALID_ARGUMENT
  public void mustBeOurs(Credentials credentials) {
    try {
      ChainRules.check(credentials.chain(), credentials.authorities(), seams.clock().instant());
    } catch (GeneralSecurityException e) {
      throw invalid("the certificate does not lead to the authority: " + e.getMessage());
    }
    if (!SiteNames.site(credentials.certificate()).equals(Optional.of(site))) {
      throw invalid(
          "the certificate must have the one alternative name URI:" + SiteNames.uri(site));
    }
    mustBeUsable(credentials.certificate());
    if (!KeyMatch.matches(credentials.certificate(), credentials.key())) {
      throw invalid("the key is not the certificate's");
    }
    if (credentials.authorityKey().isPresent()
        && !KeyMatch.matches(credentials.authority(), credentials.authorityKey().get())) {
      throw invalid("the authority's key is not the authority's");
    }
  }

  /// Between sites TLS knows no larger curves: BoringSSL takes no part in them.
  private static void mustBeUsable(X509Certificate certificate) {
    if (certificate.getPublicKey() instanceof ECPublicKey key
        && key.getParams().getOrder().bitLength() > LARGEST_CURVE_BITS) {
      throw invalid("a site's key is RSA, or of the curve P-256 or P-384");
    }
  }

  private static NodeException invalid(String message) {
    return new NodeException(ErrorReason.ERROR_REASON_INVALID_ARGUMENT, message);
  }

  /// Makes a new key and a certificate for it, now.
  ///
  /// @throws NodeException INVALID_ARGUMENT where the authority's key is not here
  public Credentials renew() throws IOException {
    changing.lock();
    try {
      Credentials known = ensure();
      Issuer issuer = known.issuer().orElseThrow(SiteCertificates::noAuthorityKey);
      KeyPair keys = maker.get().newKeyPair();
      X509Certificate own =
          maker.get().site(issuer, site, siteName, host, keys.getPublic(), seams.clock().instant());
      return store(known.withSite(own, keys.getPrivate()));
    } finally {
      changing.unlock();
    }
  }

  /// Issues a certificate for a site by its request (PKCS #10, DER).
  ///
  /// @param host where others reach it; may be empty
  /// @throws NodeException INVALID_ARGUMENT for what is no request, or where the authority's key is
  ///   not here
  public X509Certificate issue(byte[] request, SiteId forSite, String name, String host)
      throws IOException {
    Issuer issuer = ensure().issuer().orElseThrow(SiteCertificates::noAuthorityKey);
    try {
      X509Certificate issued =
          maker
              .get()
              .site(
                  issuer,
                  forSite,
                  name,
                  host,
                  CertificateMaker.requested(request),
                  seams.clock().instant());
      mustBeUsable(issued);
      return issued;
    } catch (GeneralSecurityException e) {
      throw invalid(e.getMessage() + "");
    }
  }

  private static NodeException noAuthorityKey() {
    return invalid("the authority's key is not at this site, so that it can issue nothing");
  }

  /// Whether a third of the certificate's life is left, or less.
  public static boolean isDue(X509Certificate certificate, Instant now) {
    Instant ends = certificate.getNotAfter().toInstant();
    Duration life = Duration.between(certificate.getNotBefore().toInstant(), ends);
    return !now.isBefore(ends.minus(life.dividedBy(3)));
  }

  /// Renews where it is time; says so where it cannot.
  public void renewIfDue() {
    changing.lock();
    try {
      renewLockedIfDue();
    } finally {
      changing.unlock();
    }
  }

  private void renewLockedIfDue() {
    Credentials known = current;
    if (known == null || !isDue(known.certificate(), seams.clock().instant())) {
      return;
    }
    if (known.authorityKey().isEmpty()) {
      LOG.warn(
          "the certificate of this site ends at {} and cannot be renewed here: bring a new one with"
              + " skarb certs init",
          known.certificate().getNotAfter().toInstant());
      return;
    }
    try {
      LOG.info(
          "the certificate of this site was renewed until {}",
          renew().certificate().getNotAfter().toInstant());
    } catch (IOException | RuntimeException e) {
      LOG.warn("the certificate of this site was not renewed: {}", e.getMessage());
    }
  }

  /// Begins to look, now and every hour, whether it is time to renew. Makes none: [#ensure] does,
  /// for whoever is the first to need them, so that a store that stands alone starts faster.
  ///
  /// @param reachableHost where others reach this site, for the certificate; may be empty
  public void start(String reachableHost) {
    host = reachableHost;
    renewIfDue();
    timer =
        seams
            .timer()
            .scheduleWithFixedDelay(
                () -> seams.executor().execute(this::renewIfDue),
                LOOK.toMillis(),
                LOOK.toMillis(),
                TimeUnit.MILLISECONDS);
  }

  private Credentials store(Credentials credentials) throws IOException {
    Path folder = file.path().getParent();
    if (folder != null && !Files.exists(folder)) {
      Files.createDirectory(folder);
      Path above = folder.getParent();
      if (above != null) {
        DirectorySync.force(above);
      }
    }
    file.write(CredentialsFormat.encode(credentials));
    current = credentials;
    return credentials;
  }

  @Override
  public void close() {
    ScheduledFuture<?> running = timer;
    if (running != null) {
      running.cancel(false);
    }
  }
}
