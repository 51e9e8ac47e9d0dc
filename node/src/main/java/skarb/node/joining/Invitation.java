package skarb.node.joining;

import java.util.Base64;
import java.util.regex.Pattern;

/// One line that a person carries from one site to another:
///
/// ```
/// skarb-invite:berlin.example:9011:FINGERPRINT:SECRET
/// ```
///
/// Whoever has it may join once, until it expires.
///
/// @param address where the site that invites is reached, `host:port`
/// @param fingerprint SHA-256 of the certificate of the realm's authority, 64 hex digits
/// @param secret 32 bytes
public record Invitation(String address, String fingerprint, byte[] secret) {
  private static final String PREFIX = "skarb-invite:";
  private static final Pattern FINGERPRINT = Pattern.compile("[0-9a-f]{64}");

  /// As it is written.
  public String line() {
    return PREFIX
        + address
        + ":"
        + fingerprint
        + ":"
        + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
  }

  /// Reads one.
  ///
  /// @throws IllegalArgumentException if it is none; the message repeats nothing of it
  public static Invitation parse(String line) {
    String text = line.strip();
    int secretAt = text.lastIndexOf(':');
    int fingerprintAt = secretAt < 0 ? -1 : text.lastIndexOf(':', secretAt - 1);
    if (!text.startsWith(PREFIX) || fingerprintAt < PREFIX.length()) {
      throw notOne();
    }
    String address = text.substring(PREFIX.length(), fingerprintAt);
    String fingerprint = text.substring(fingerprintAt + 1, secretAt);
    byte[] secret;
    try {
      secret = Base64.getUrlDecoder().decode(text.substring(secretAt + 1));
    } catch (IllegalArgumentException e) {
      throw notOne();
    }
    if (address.indexOf(':') < 0
        || !FINGERPRINT.matcher(fingerprint).matches()
        || secret.length != Invitations.SECRET_BYTES) {
      throw notOne();
    }
    return new Invitation(address, fingerprint, secret);
  }

  private static IllegalArgumentException notOne() {
    return new IllegalArgumentException(
        "not an invitation: it is one line, skarb-invite:HOST:PORT:FINGERPRINT:SECRET");
  }

  @Override
  public String toString() {
    return "Invitation[" + address + "]";
  }
}
