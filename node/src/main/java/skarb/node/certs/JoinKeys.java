package skarb.node.certs;

import io.grpc.ManagedChannel;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import skarb.node.model.Seams;

/// The keys with which a site joins: for these it asks for a certificate, and with a certificate
/// that it makes itself for an hour it shows them to the site that invited it.
public final class JoinKeys {
  private final KeyPair keys;
  private final byte[] request;
  private final X509Certificate temporary;
  private final Seams seams;

  /// New ones.
  ///
  /// @param siteName the site's name
  public JoinKeys(String siteName, Seams seams) {
    CertificateMaker maker = new CertificateMaker(seams.random());
    this.keys = maker.newKeyPair();
    this.request = maker.request(keys, siteName);
    this.temporary = maker.temporary(keys, seams.clock().instant());
    this.seams = seams;
  }

  /// The request for a certificate: PKCS #10, DER.
  public byte[] request() {
    return request.clone();
  }

  /// The private key: PKCS #8.
  public byte[] privateKey() {
    return keys.getPrivate().getEncoded();
  }

  /// A channel to a site of the realm whose authority has a fingerprint, and to nobody else. The
  /// caller shuts it down.
  public ManagedChannel channel(String address, String fingerprint) throws SSLException {
    return PeerDialer.channel(
        address, PeerTls.joiner(keys, temporary, fingerprint, seams.clock()), seams);
  }

  /// What a site holds once it has joined.
  ///
  /// @param authorities DER, the one that issues first
  /// @param authorityKey PKCS #8; empty for none
  /// @param certificate DER
  /// @param privateKey what [#privateKey] was
  /// @throws GeneralSecurityException if something of it is not what it is said to be
  public static Credentials credentials(
      List<byte[]> authorities, byte[] authorityKey, byte[] certificate, byte[] privateKey)
      throws GeneralSecurityException {
    List<X509Certificate> trusted = new ArrayList<>();
    for (byte[] each : authorities) {
      trusted.add(CredentialsFormat.certificate(each));
    }
    Optional<PrivateKey> issuing =
        authorityKey.length == 0
            ? Optional.empty()
            : Optional.of(CredentialsFormat.privateKey(authorityKey));
    if (trusted.isEmpty()) {
      throw new GeneralSecurityException("there is no authority");
    }
    return new Credentials(
        trusted,
        issuing,
        List.of(CredentialsFormat.certificate(certificate)),
        CredentialsFormat.privateKey(privateKey));
  }

  @Override
  public String toString() {
    return "JoinKeys[hidden]";
  }
}
