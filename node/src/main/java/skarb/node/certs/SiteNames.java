package skarb.node.certs;

import com.google.common.net.InetAddresses;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import skarb.node.model.SiteId;

/// Who a certificate stands for: its one alternative name of the form `skarb:site:3c6ef372`. Common
/// names are for people.
public final class SiteNames {
  private static final String PREFIX = "skarb:site:";
  private static final Pattern FORM = Pattern.compile(PREFIX + "[0-9a-f]{8}");
  private static final Integer URI = 6;

  private SiteNames() {}

  /// The name of a site in its certificate.
  public static String uri(SiteId site) {
    return PREFIX + site;
  }

  /// The site that a certificate names; empty where it names none, or more than one.
  public static Optional<SiteId> site(X509Certificate certificate) {
    Collection<List<?>> names;
    try {
      names = certificate.getSubjectAlternativeNames();
    } catch (CertificateParsingException e) {
      return Optional.empty();
    }
    if (names == null) {
      return Optional.empty();
    }
    List<String> sites =
        names.stream()
            .filter(name -> name.get(0).equals(URI) && name.get(1) instanceof String)
            .map(name -> (String) name.get(1))
            .filter(name -> name.startsWith(PREFIX))
            .toList();
    return sites.size() == 1 && FORM.matcher(sites.getFirst()).matches()
        ? Optional.of(
            new SiteId(
                HexFormat.fromHexDigits(sites.getFirst(), PREFIX.length(), PREFIX.length() + 8)))
        : Optional.empty();
  }

  /// SHA-256 of a certificate's DER form, in hex.
  public static String fingerprint(X509Certificate certificate) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate that was read has an encoding", e);
    }
  }

  static boolean isAddress(String host) {
    return InetAddresses.isInetAddress(host);
  }
}
