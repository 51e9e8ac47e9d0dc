package skarb.node.certs;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// [Credentials] as bytes: what is sealed in the file `certs/credentials`, and what goes along when
/// a site joins.
///
/// ```
///   +------+--------+----------------+      one after another, in the order of their kinds
///   | kind | length | bytes, `length`|
///   | (1)  | (4)    |                |
///   +------+--------+----------------+
///   1  an authority's certificate, DER, the one that issues first
///   2  the issuing authority's key, PKCS #8: at most once
///   3  a certificate of the chain, DER, the site's own first
///   4  the site's own key, PKCS #8
/// ```
///
/// Numbers are big-endian. Magic, version and checksum are those of the sealed file around it.
final class CredentialsFormat {
  private static final byte AUTHORITY = 1;
  private static final byte AUTHORITY_KEY = 2;
  private static final byte CHAIN = 3;
  private static final byte KEY = 4;

  private CredentialsFormat() {}

  static byte[] encode(Credentials credentials) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      for (X509Certificate authority : credentials.authorities()) {
        item(out, AUTHORITY, authority.getEncoded());
      }
      credentials.authorityKey().ifPresent(key -> item(out, AUTHORITY_KEY, key.getEncoded()));
      for (X509Certificate each : credentials.chain()) {
        item(out, CHAIN, each.getEncoded());
      }
      item(out, KEY, credentials.key().getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a certificate that was read has an encoding", e);
    }
    return out.toByteArray();
  }

  private static void item(ByteArrayOutputStream out, byte kind, byte[] bytes) {
    out.writeBytes(ByteBuffer.allocate(1 + Integer.BYTES).put(kind).putInt(bytes.length).array());
    out.writeBytes(bytes);
  }

  /// @throws GeneralSecurityException if it is not what [#encode] makes
  static Credentials decode(byte[] bytes) throws GeneralSecurityException {
    List<X509Certificate> authorities = new ArrayList<>();
    List<X509Certificate> chain = new ArrayList<>();
    Optional<PrivateKey> authorityKey = Optional.empty();
    Optional<PrivateKey> key = Optional.empty();
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    try {
      while (buffer.hasRemaining()) {
        byte kind = buffer.get();
        int length = buffer.getInt();
        if (length < 0 || length > buffer.remaining()) {
          throw new GeneralSecurityException("credentials that are cut off");
        }
        byte[] item = new byte[length];
        buffer.get(item);
        switch (kind) {
          case AUTHORITY -> authorities.add(certificate(item));
          case AUTHORITY_KEY -> authorityKey = Optional.of(privateKey(item));
          case CHAIN -> chain.add(certificate(item));
          case KEY -> key = Optional.of(privateKey(item));
          default -> throw new GeneralSecurityException("credentials of a later release");
        }
      }
    } catch (BufferUnderflowException e) {
      throw new GeneralSecurityException("credentials that are cut off", e);
    }
    if (authorities.isEmpty() || chain.isEmpty() || key.isEmpty()) {
      throw new GeneralSecurityException("credentials that lack something");
    }
    return new Credentials(authorities, authorityKey, chain, key.get());
  }

  static X509Certificate certificate(byte[] der) throws GeneralSecurityException {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
  }

  /// A key of either kind that is in use: EC, else RSA.
  static PrivateKey privateKey(byte[] pkcs8) throws GeneralSecurityException {
    PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(pkcs8);
    try {
      return KeyFactory.getInstance("EC").generatePrivate(spec);
    } catch (GeneralSecurityException notEc) {
      return KeyFactory.getInstance("RSA").generatePrivate(spec);
    }
  }
}
