package skarb.s3.auth;

import java.nio.charset.StandardCharsets;

/// Back from header text to the bytes that were on the wire.
final class HeaderBytes {
  private HeaderBytes() {}

  /// One byte per char where that is possible, else UTF-8.
  static byte[] of(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 0xFF) {
        return text.getBytes(StandardCharsets.UTF_8);
      }
    }
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
