package skarb.node.certs;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// PEM, as people's tools write it (RFC 7468). What stands outside of the lines of a block is left
/// out.
public final class Pem {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");
  private static final int LINE = 64;

  private Pem() {}

  /// A certificate as text.
  public static String text(X509Certificate certificate) {
    try {
      return "-----BEGIN CERTIFICATE-----\n"
          + Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(certificate.getEncoded())
          + "\n-----END CERTIFICATE-----\n";
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate that was read has an encoding", e);
    }
  }

  /// The certificates of a text, in order.
  ///
  /// @throws GeneralSecurityException if one cannot be read, or there is none
  public static List<X509Certificate> certificates(String text) throws GeneralSecurityException {
    List<X509Certificate> found = new ArrayList<>();
    for (byte[] each : blocks(text, "CERTIFICATE")) {
      found.add(CredentialsFormat.certificate(each));
    }
    if (found.isEmpty()) {
      throw new GeneralSecurityException("there is no certificate in PEM");
    }
    return found;
  }

  /// The private key of a text: PKCS #8, not encrypted.
  ///
  /// @throws GeneralSecurityException if there is none; the message repeats nothing of it
  public static PrivateKey privateKey(String text) throws GeneralSecurityException {
    List<byte[]> found = blocks(text, "PRIVATE KEY");
    if (found.size() != 1) {
      throw new GeneralSecurityException(
          "there must be one PRIVATE KEY in PEM, PKCS #8 and not encrypted: openssl pkcs8 -topk8"
              + " -nodes makes it so");
    }
    try {
      return CredentialsFormat.privateKey(found.getFirst());
    } catch (GeneralSecurityException e) {
      throw new GeneralSecurityException("keys are EC or RSA");
    }
  }

  /// The request for a certificate of a text, DER.
  ///
  /// @throws GeneralSecurityException if there is none
  public static byte[] request(String text) throws GeneralSecurityException {
    List<byte[]> found = new ArrayList<>(blocks(text, "CERTIFICATE REQUEST"));
    found.addAll(blocks(text, "NEW CERTIFICATE REQUEST"));
    if (found.size() != 1) {
      throw new GeneralSecurityException("there must be one CERTIFICATE REQUEST in PEM");
    }
    return found.getFirst();
  }

  private static List<byte[]> blocks(String text, String kind) throws GeneralSecurityException {
    List<byte[]> found = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(text);
    while (matcher.find()) {
      if (matcher.group(1).equals(kind)) {
        try {
          found.add(
              Base64.getMimeDecoder().decode(matcher.group(2).getBytes(StandardCharsets.US_ASCII)));
        } catch (IllegalArgumentException e) {
          throw new GeneralSecurityException("a block of PEM cannot be read");
        }
      }
    }
    return found;
  }
}
