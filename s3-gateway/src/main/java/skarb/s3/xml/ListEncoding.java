package skarb.s3.xml;

import java.nio.charset.StandardCharsets;
import skarb.s3.error.S3Exception;

/// How a listing writes keys: as they are, or percent-encoded for clients whose XML readers refuse
/// control characters (`encoding-type=url`).
public enum ListEncoding {
  /// As they are.
  PLAIN,
  /// Percent-encoded, slashes excepted.
  URL;

  private static final char[] HEX = "0123456789ABCDEF".toCharArray();

  /// The encoding that a query's `encoding-type` asks for.
  ///
  /// @throws S3Exception InvalidArgument for one that does not exist
  public static ListEncoding parse(String type) {
    return switch (type) {
      case "" -> PLAIN;
      case "url" -> URL;
      default ->
          throw S3Exception.invalidArgument(
              "Invalid Encoding Method specified in Request", "encoding-type", type);
    };
  }

  String apply(String text) {
    return this == PLAIN ? text : encode(text);
  }

  /// A space becomes `%20` and not `+`: every client reads the former, some not the latter.
  private static String encode(String text) {
    StringBuilder out = null;
    for (int i = 0; i < text.length(); i++) {
      if (!isPlain(text.charAt(i))) {
        out = new StringBuilder(text.length() + 16);
        break;
      }
    }
    if (out == null) {
      return text;
    }
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xFF);
      if (isPlain(c)) {
        out.append(c);
      } else {
        out.append('%').append(HEX[c >> 4]).append(HEX[c & 0xF]);
      }
    }
    return out.toString();
  }

  private static boolean isPlain(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '/'
        || c == '-'
        || c == '_'
        || c == '.'
        || c == '*';
  }
}
