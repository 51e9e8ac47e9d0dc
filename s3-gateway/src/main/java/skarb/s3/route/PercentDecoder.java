package skarb.s3.route;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import skarb.s3.error.S3Error;
import skarb.s3.error.S3Exception;

/// Undoes percent-encoding, once, and nothing else: no dots or slashes are touched. Characters
/// above 0x7F stand for the raw byte that the client sent.
public final class PercentDecoder {
  private PercentDecoder() {}

  /// A part of a path: `+` is a plus.
  static String decodePath(String raw, int start, int end) {
    return decode(raw, start, end, false);
  }

  /// A text that was encoded as parts of a query are: `+` is a space.
  ///
  /// @throws S3Exception InvalidURI for a broken escape or what is not UTF-8
  public static String decodeQuery(String raw) {
    return decodeQuery(raw, 0, raw.length());
  }

  /// A part of a query: `+` is a space.
  static String decodeQuery(String raw, int start, int end) {
    return decode(raw, start, end, true);
  }

  private static String decode(String raw, int start, int end, boolean plusIsSpace) {
    if (isPlain(raw, start, end, plusIsSpace)) {
      return raw.substring(start, end);
    }
    byte[] bytes = new byte[end - start];
    int length = 0;
    for (int i = start; i < end; i++) {
      char c = raw.charAt(i);
      if (c == '%') {
        if (i + 2 >= end) {
          throw invalid();
        }
        int high = Character.digit(raw.charAt(i + 1), 16);
        int low = Character.digit(raw.charAt(i + 2), 16);
        if (high < 0 || low < 0 || raw.charAt(i + 1) > 0x7F || raw.charAt(i + 2) > 0x7F) {
          throw invalid();
        }
        bytes[length++] = (byte) ((high << 4) | low);
        i += 2;
      } else if (c == '+' && plusIsSpace) {
        bytes[length++] = ' ';
      } else if (c > 0xFF) {
        throw invalid();
      } else {
        bytes[length++] = (byte) c;
      }
    }
    return utf8(bytes, length);
  }

  private static boolean isPlain(String raw, int start, int end, boolean plusIsSpace) {
    for (int i = start; i < end; i++) {
      char c = raw.charAt(i);
      if (c == '%' || c > 0x7F || (c == '+' && plusIsSpace)) {
        return false;
      }
    }
    return true;
  }

  private static String utf8(byte[] bytes, int length) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, 0, length))
          .toString();
    } catch (CharacterCodingException e) {
      throw invalid();
    }
  }

  private static S3Exception invalid() {
    return new S3Exception(S3Error.INVALID_URI);
  }
}
