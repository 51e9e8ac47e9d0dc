package skarb.node.certs;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.interfaces.ECKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// Signs with a key of P-256 as RFC 6979 says: the nonce follows from key and content, so that no
/// randomness is taken, and none can be bad.
final class KeySigner implements ContentSigner {
  private static final int P256_BITS = 256;

  private final ECPrivateKeyParameters key;
  private final ByteArrayOutputStream content = new ByteArrayOutputStream();

  private KeySigner(ECPrivateKeyParameters key) {
    this.key = key;
  }

  /// What signs with a key: itself for P-256, Bouncy Castle's for authorities that were brought
  /// along and have other keys.
  static ContentSigner of(PrivateKey key) {
    try {
      if (key instanceof ECKey curve && curve.getParams().getOrder().bitLength() == P256_BITS) {
        return new KeySigner(
            (ECPrivateKeyParameters) PrivateKeyFactory.createKey(key.getEncoded()));
      }
      String algorithm =
          switch (key.getAlgorithm()) {
            case "EC" -> "SHA384withECDSA";
            case "RSA" -> "SHA256withRSA";
            default -> throw new IllegalArgumentException("keys are EC or RSA");
          };
      return new JcaContentSignerBuilder(algorithm).build(key);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (OperatorCreationException e) {
      throw new IllegalStateException("the key cannot sign", e);
    }
  }

  @Override
  public AlgorithmIdentifier getAlgorithmIdentifier() {
    return new DefaultSignatureAlgorithmIdentifierFinder().find("SHA256withECDSA");
  }

  @Override
  public OutputStream getOutputStream() {
    return content;
  }

  @Override
  public byte[] getSignature() {
    try {
      ECDSASigner signer = new ECDSASigner(new HMacDSAKCalculator(new SHA256Digest()));
      signer.init(true, key);
      BigInteger[] signature =
          signer.generateSignature(
              MessageDigest.getInstance("SHA-256").digest(content.toByteArray()));
      return StandardDSAEncoding.INSTANCE.encode(
          key.getParameters().getN(), signature[0], signature[1]);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
