package skarb.s3.auth;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;

/// Percent-encoding as signatures want it: every byte except `A-Z a-z 0-9 - . _ ~` becomes `%XX`
/// with upper case digits.
final class UriEncoding {
  private static final String HEX = "0123456789ABCDEF";

  private UriEncoding() {}

  /// The path of a request target in canonical form. Encoded once and never normalised: empty
  /// segments, `.` and `..` stay, `+` is a plus. A `/` that came escaped is a `/` like any other:
  /// the AWS SDK for Java signs `a//b` and sends `a/%2Fb`.
  ///
  /// @throws S3Exception InvalidURI for a broken percent escape
  static String canonicalPath(String rawPath) {
    StringBuilder canonical = new StringBuilder(rawPath.length() + 16);
    for (int i = 0; i < rawPath.length(); i++) {
      char c = rawPath.charAt(i);
      if (c == '/') {
        canonical.append(c);
      } else if (c == '%') {
        int b = escapedByte(rawPath, i);
        if (b == '/') {
          canonical.append('/');
        } else {
          appendEncoded(canonical, b);
        }
        i += 2;
      } else {
        appendLiteral(canonical, c);
      }
    }
    return canonical.isEmpty() ? "/" : canonical.toString();
  }

  /// The bytes that a name or value of a query stands for.
  ///
  /// @throws S3Exception InvalidURI for a broken percent escape
  static byte[] decodeQuery(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        bytes.write(escapedByte(text, i));
        i += 2;
      } else if (c == '+') {
        bytes.write(' ');
      } else if (c <= 0xFF) {
        bytes.write(c);
      } else {
        bytes.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
      }
    }
    return bytes.toByteArray();
  }

  static String encode(byte[] bytes) {
    StringBuilder encoded = new StringBuilder(bytes.length + 16);
    for (byte b : bytes) {
      appendEncoded(encoded, b & 0xFF);
    }
    return encoded.toString();
  }

  /// A request target holds one char per byte; a char beyond that was decoded by somebody.
  private static void appendLiteral(StringBuilder to, char c) {
    if (c <= 0xFF) {
      appendEncoded(to, c);
      return;
    }
    for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
      appendEncoded(to, b & 0xFF);
    }
  }

  private static void appendEncoded(StringBuilder to, int b) {
    if (isUnreserved(b)) {
      to.append((char) b);
    } else {
      to.append('%').append(HEX.charAt(b >> 4)).append(HEX.charAt(b & 0xF));
    }
  }

  private static boolean isUnreserved(int b) {
    return (b >= 'A' && b <= 'Z')
        || (b >= 'a' && b <= 'z')
        || (b >= '0' && b <= '9')
        || b == '-'
        || b == '.'
        || b == '_'
        || b == '~';
  }

  private static int escapedByte(String text, int percent) {
    if (percent + 2 < text.length()) {
      int high = asciiDigit(text.charAt(percent + 1));
      int low = asciiDigit(text.charAt(percent + 2));
      if (high >= 0 && low >= 0) {
        return high << 4 | low;
      }
    }
    throw new S3Exception(S3Error.INVALID_URI);
  }

  private static int asciiDigit(char c) {
    return c < 0x80 ? Character.digit(c, 16) : -1;
  }
}
