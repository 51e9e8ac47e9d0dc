package skarb.node.certs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.random.RandomGenerator;
import org.bouncycastle.asn1.sec.SECNamedCurves;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyInfoFactory;
import org.bouncycastle.crypto.util.SubjectPublicKeyInfoFactory;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCS10CertificationRequestBuilder;
import org.bouncycastle.pkcs.PKCSException;
import skarb.node.model.SiteId;

/// Makes keys and certificates: EC P-256, signed with ECDSA and SHA-256. All randomness is handed
/// in, signatures are deterministic (RFC 6979), so that equal randomness and time give equal bytes.
/// Safe for any thread if the randomness is.
final class CertificateMaker {
  /// How long an authority lasts. It is not renewed by itself.
  static final Duration AUTHORITY_LIFE = Duration.ofDays(20 * 365);

  /// How long a site's certificate lasts.
  static final Duration SITE_LIFE = Duration.ofDays(90);

  /// How long the certificate lasts that a joining site makes for itself.
  private static final Duration TEMPORARY_LIFE = Duration.ofDays(1);

  /// Certificates begin that much before they are made: clocks of sites differ.
  private static final Duration BACKDATED = Duration.ofHours(24);

  private static final X9ECParameters P256 =
      SECNamedCurves.getByOID(SECObjectIdentifiers.secp256r1);
  private static final ECNamedDomainParameters DOMAIN =
      new ECNamedDomainParameters(SECObjectIdentifiers.secp256r1, P256);
  private static final int SERIAL_BITS = 127;

  private final RandomGenerator random;

  /// @param random cryptographically strong, and safe for any thread
  CertificateMaker(RandomGenerator random) {
    this.random = random;
  }

  /// What issues certificates.
  ///
  /// @param certificate the authority's
  /// @param key its key
  record Issuer(X509Certificate certificate, PrivateKey key) {
    @Override
    public String toString() {
      return "Issuer[" + certificate.getSubjectX500Principal() + "]";
    }
  }

  /// A new pair of keys.
  KeyPair newKeyPair() {
    BigInteger secret;
    do {
      secret = new BigInteger(1, bytes(32));
    } while (secret.signum() == 0 || secret.compareTo(P256.getN()) >= 0);
    ECPoint point = new FixedPointCombMultiplier().multiply(P256.getG(), secret).normalize();
    try {
      KeyFactory keys = KeyFactory.getInstance("EC");
      return new KeyPair(
          keys.generatePublic(
              new X509EncodedKeySpec(
                  SubjectPublicKeyInfoFactory.createSubjectPublicKeyInfo(
                          new ECPublicKeyParameters(point, DOMAIN))
                      .getEncoded())),
          keys.generatePrivate(
              new PKCS8EncodedKeySpec(
                  PrivateKeyInfoFactory.createPrivateKeyInfo(
                          new ECPrivateKeyParameters(secret, DOMAIN))
                      .getEncoded())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + new ECGenParameterSpec("secp256r1"), e);
    }
  }

  /// A new authority for a realm.
  X509Certificate authority(KeyPair keys, String name, Instant now) {
    X500Name subject = name("Skarb realm of " + name);
    List<Added> extensions =
        List.of(
            new Added(Extension.basicConstraints, true, new BasicConstraints(0)),
            new Added(
                Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign)));
    return build(
        subject,
        subject,
        keys.getPublic(),
        now,
        now.plus(AUTHORITY_LIFE),
        extensions,
        keys.getPrivate());
  }

  /// A certificate for a site. It ends with its authority at the latest.
  ///
  /// @param host where others reach it, a name or an address; empty where that is not known
  X509Certificate site(
      Issuer issuer, SiteId site, String siteName, String host, PublicKey key, Instant now) {
    List<GeneralName> names = new ArrayList<>();
    names.add(new GeneralName(GeneralName.uniformResourceIdentifier, SiteNames.uri(site)));
    if (!host.isEmpty()) {
      names.add(
          new GeneralName(
              SiteNames.isAddress(host) ? GeneralName.iPAddress : GeneralName.dNSName, host));
    }
    List<Added> extensions =
        List.of(
            new Added(Extension.basicConstraints, true, new BasicConstraints(false)),
            new Added(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature)),
            new Added(
                Extension.extendedKeyUsage,
                false,
                new ExtendedKeyUsage(
                    new KeyPurposeId[] {
                      KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
                    })),
            new Added(
                Extension.subjectAlternativeName,
                false,
                new GeneralNames(names.toArray(GeneralName[]::new))));
    Instant ends = now.plus(SITE_LIFE);
    Instant authorityEnds = issuer.certificate().getNotAfter().toInstant();
    return build(
        X500Name.getInstance(issuer.certificate().getSubjectX500Principal().getEncoded()),
        name(siteName),
        key,
        now,
        ends.isBefore(authorityEnds) ? ends : authorityEnds,
        extensions,
        issuer.key());
  }

  /// A certificate that vouches for nothing but its own key: what a joining site shows.
  X509Certificate temporary(KeyPair keys, Instant now) {
    X500Name subject = name("joining");
    return build(
        subject,
        subject,
        keys.getPublic(),
        now,
        now.plus(TEMPORARY_LIFE),
        List.of(),
        keys.getPrivate());
  }

  /// Asks for a certificate (PKCS #10, DER): says the public key, and proves that the private one
  /// is there.
  byte[] request(KeyPair keys, String siteName) {
    try {
      return new PKCS10CertificationRequestBuilder(
              name(siteName), SubjectPublicKeyInfo.getInstance(keys.getPublic().getEncoded()))
          .build(KeySigner.of(keys.getPrivate()))
          .getEncoded();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The public key of a request.
  ///
  /// @throws GeneralSecurityException if it is none, or does not prove that the asker has the key
  static PublicKey requested(byte[] request) throws GeneralSecurityException {
    try {
      PKCS10CertificationRequest parsed = new PKCS10CertificationRequest(request);
      if (!parsed.isSignatureValid(
          new JcaContentVerifierProviderBuilder().build(parsed.getSubjectPublicKeyInfo()))) {
        throw new GeneralSecurityException("the request is not signed by its own key");
      }
      return publicKey(parsed.getSubjectPublicKeyInfo());
    } catch (IOException
        | PKCSException
        | OperatorCreationException
        | IllegalArgumentException
        | IllegalStateException e) {
      throw new GeneralSecurityException("not a request for a certificate", e);
    }
  }

  private static PublicKey publicKey(SubjectPublicKeyInfo info)
      throws GeneralSecurityException, IOException {
    String algorithm = info.getAlgorithm().getAlgorithm().getId();
    return switch (algorithm) {
      case "1.2.840.10045.2.1" ->
          KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(info.getEncoded()));
      case "1.2.840.113549.1.1.1" ->
          KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(info.getEncoded()));
      default -> throw new GeneralSecurityException("keys are EC or RSA, not " + algorithm);
    };
  }

  private record Added(
      org.bouncycastle.asn1.ASN1ObjectIdentifier id,
      boolean critical,
      org.bouncycastle.asn1.ASN1Encodable value) {}

  private X509Certificate build(
      X500Name issuer,
      X500Name subject,
      PublicKey key,
      Instant now,
      Instant ends,
      List<Added> extensions,
      PrivateKey signingKey) {
    try {
      X509v3CertificateBuilder builder =
          new X509v3CertificateBuilder(
              issuer,
              new BigInteger(1, bytes(16)).clearBit(SERIAL_BITS).setBit(SERIAL_BITS - 1),
              Date.from(now.minus(BACKDATED)),
              Date.from(ends),
              subject,
              SubjectPublicKeyInfo.getInstance(key.getEncoded()));
      for (Added each : extensions) {
        builder.addExtension(each.id(), each.critical(), each.value());
      }
      ContentSigner signer = KeySigner.of(signingKey);
      return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a certificate that was just made cannot be read", e);
    }
  }

  private static X500Name name(String commonName) {
    return new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, commonName).build();
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
