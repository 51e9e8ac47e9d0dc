package skarb.node.certs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import skarb.node.access.KeyFileException;
import skarb.node.disk.CorruptFileException;
import skarb.node.model.NodeException;
import skarb.node.model.SiteId;

class SiteCertificatesTest {
  @TempDir Path directory;
  private final CertWorld world = new CertWorld();

  private SiteCertificates open(boolean storeIsNew) throws IOException {
    return world.site(directory, 7, storeIsNew);
  }

  private Path file() {
    return directory.resolve("certs/credentials");
  }

  private void check(Credentials credentials) throws CertificateException {
    ChainRules.check(credentials.chain(), credentials.authorities(), world.time.instant());
  }

  @Test
  void nothingIsMadeBeforeItIsWanted() throws IOException {
    assertThat(open(true).current()).isEmpty();
    assertThat(file()).doesNotExist();
  }

  @Test
  void authorityAndCertificateAreMadeOnceAndKept() throws Exception {
    Credentials made = open(true).ensure();
    check(made);
    assertThat(SiteNames.site(made.certificate())).contains(new SiteId(7));
    assertThat(made.authorityKey()).isPresent();
    Credentials again = open(false).ensure();
    assertThat(again.certificate()).isEqualTo(made.certificate());
    assertThat(again.authority()).isEqualTo(made.authority());
    assertThat(KeyMatch.matches(again.certificate(), again.key())).isTrue();
    assertThat(KeyMatch.matches(again.authority(), again.authorityKey().orElseThrow())).isTrue();
  }

  @Test
  void ownerAloneReadsTheFileAndItHoldsNoKeyInTheClear() throws IOException {
    Credentials made = open(true).ensure();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    byte[] bytes = Files.readAllBytes(file());
    assertThat(hex(bytes))
        .doesNotContain(hex(made.key().getEncoded()))
        .doesNotContain(hex(made.certificate().getPublicKey().getEncoded()));
    assertThat(made.toString()).doesNotContain("PrivateKey");
  }

  private static String hex(byte[] bytes) {
    return java.util.HexFormat.of().formatHex(bytes);
  }

  @Test
  void damageAndTheKeyOfAnotherNodeAreSeen() throws IOException {
    Credentials _ = open(true).ensure();
    byte[] whole = Files.readAllBytes(file());
    for (int at = 0; at < whole.length; at += 13) {
      byte[] flipped = whole.clone();
      flipped[at] ^= 4;
      Files.write(file(), flipped);
      assertThatThrownBy(() -> open(false)).isInstanceOf(CorruptFileException.class);
    }
    Files.write(file(), whole);
    Files.delete(directory.resolve("node.key"));
    Files.delete(directory.resolve("realm-keys"));
    assertThatThrownBy(() -> open(true))
        .isInstanceOf(KeyFileException.class)
        .hasMessageContaining("does not open with node.key");
  }

  @Test
  void certificateIsRenewedByItselfWhenAThirdOfItsLifeIsLeft() throws Exception {
    SiteCertificates certificates = open(true);
    certificates.start("sweden.example");
    X509Certificate first = certificates.ensure().certificate();
    world.time.advance(Duration.ofDays(55));
    assertThat(certificates.ensure().certificate()).isEqualTo(first);
    world.time.advance(Duration.ofDays(10));
    org.awaitility.Awaitility.await()
        .untilAsserted(() -> assertThat(certificates.ensure().certificate()).isNotEqualTo(first));
    Credentials renewed = certificates.ensure();
    check(renewed);
    assertThat(renewed.certificate().getNotAfter().toInstant())
        .isAfter(world.time.instant().plus(Duration.ofDays(80)));
    assertThat(open(false).ensure().certificate()).isEqualTo(renewed.certificate());
    certificates.close();
  }

  @Test
  void startMakesNoneSinceNobodyNeedsThemYet() throws Exception {
    SiteCertificates certificates = open(true);
    certificates.start("sweden.example");
    assertThat(certificates.current()).isEmpty();
    check(certificates.ensure());
    certificates.close();
  }

  @Test
  void siteThatWasDownForAYearComesBackWithANewCertificate() throws Exception {
    Credentials _ = open(true).ensure();
    world.time.advance(Duration.ofDays(365));
    SiteCertificates certificates = open(false);
    certificates.start("");
    check(certificates.ensure());
    certificates.close();
  }

  @Test
  void ownAuthorityIsTakenWithoutItsKeyAndThenNothingIsIssued() throws Exception {
    SiteCertificates certificates = open(true);
    Credentials own = world.issued(world.authority("company"), new SiteId(7), world.time.instant());
    certificates.adopt(own);
    assertThat(open(false).ensure().certificate()).isEqualTo(own.certificate());
    assertThatThrownBy(certificates::renew)
        .isInstanceOf(NodeException.class)
        .hasMessageContaining("authority's key is not at this site");
  }

  @Test
  void credentialsThatAreNotThisSitesOrNotSoundAreRefused() throws Exception {
    SiteCertificates certificates = open(true);
    Credentials before = certificates.ensure();
    Instant now = world.time.instant();
    CertificateMaker.Issuer company = world.authority("company");
    Credentials sound = world.issued(company, new SiteId(7), now);
    Credentials otherSite = world.issued(company, new SiteId(8), now);
    List<Credentials> wrong =
        List.of(
            otherSite,
            new Credentials(sound.authorities(), Optional.empty(), sound.chain(), otherSite.key()),
            new Credentials(
                List.of(world.authority("else").certificate()),
                Optional.empty(),
                sound.chain(),
                sound.key()),
            new Credentials(
                sound.authorities(), Optional.of(sound.key()), sound.chain(), sound.key()),
            world.issued(company, new SiteId(7), now.minus(Duration.ofDays(100))));
    for (Credentials each : wrong) {
      assertThatThrownBy(() -> certificates.adopt(each)).isInstanceOf(NodeException.class);
    }
    assertThat(certificates.ensure().certificate()).isEqualTo(before.certificate());
  }

  @Test
  void requestIsAnsweredForItsOwnKeyOnly() throws Exception {
    SiteCertificates certificates = open(true);
    java.security.KeyPair keys = world.maker.newKeyPair();
    byte[] request = world.maker.request(keys, "b");
    X509Certificate issued = certificates.issue(request, new SiteId(9), "b", "b.example");
    assertThat(issued.getPublicKey()).isEqualTo(keys.getPublic());
    assertThat(SiteNames.site(issued)).contains(new SiteId(9));
    ChainRules.check(List.of(issued), certificates.ensure().authorities(), world.time.instant());
    byte[] torn = request.clone();
    torn[torn.length - 10] ^= 1;
    assertThatThrownBy(() -> certificates.issue(torn, new SiteId(9), "b", ""))
        .isInstanceOf(NodeException.class);
    assertThatThrownBy(() -> certificates.issue(new byte[5], new SiteId(9), "b", ""))
        .isInstanceOf(NodeException.class);
  }

  @Test
  void equalRandomnessAndTimeGiveEqualBytes() {
    CertWorld other = new CertWorld();
    assertThat(hex(encoded(world.authority("a").certificate())))
        .isEqualTo(hex(encoded(other.authority("a").certificate())));
  }

  private static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (java.security.cert.CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
  }
}
